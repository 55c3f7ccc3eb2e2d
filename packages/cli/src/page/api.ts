import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageState } from '@mailslot/web/api';
import { Bucket } from './bucket.js';
import { Deeds } from './deeds.js';
import { Feed, pageNote } from './feed.js';
import { jsonBody } from './json-body.js';
import { DEEDS_AT_ONCE, DEEDS_PER_SECOND } from './limits.js';
import type { PageMessenger, PageNetwork } from './messenger.js';
import { notesOf } from './notes-query.js';
import { Refusal } from './refusal.js';

/** Everything under `/api/`. Who gets here has the token. */
export class Api {
  readonly #messenger: PageMessenger;
  readonly #network: PageNetwork;
  readonly #feed: Feed;
  readonly #deeds: Deeds;
  readonly #run = randomBytes(8).toString('hex');
  readonly #bucket = new Bucket(DEEDS_AT_ONCE, DEEDS_PER_SECOND);

  constructor(messenger: PageMessenger, network: PageNetwork) {
    this.#messenger = messenger;
    this.#network = network;
    this.#feed = new Feed(messenger, network);
    this.#deeds = new Deeds(messenger, this.#feed);
  }

  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname, searchParams }: URL,
  ): Promise<void> {
    switch (`${request.method} ${pathname}`) {
      case 'GET /api/state':
        return sendJson(response, this.#state());
      case 'GET /api/notes':
        return sendJson(response, notesOf(this.#messenger.history, searchParams));
      case 'GET /api/events':
        return this.#follow(response, searchParams);
      case 'POST /api/send':
        return sendJson(response, await this.#deeds.send(await this.#deed(request)));
      case 'POST /api/read':
        return sendJson(response, await this.#deeds.read(await this.#deed(request)));
      case 'POST /api/names':
        return sendJson(response, await this.#deeds.names(await this.#deed(request)));
      default:
        throw new Refusal(404, 'there is nothing here');
    }
  }

  #deed(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
    if (!this.#bucket.take(performance.now()))
      throw new Refusal(429, 'too much at once: try again in a second');
    return jsonBody(request);
  }

  #state(): PageState {
    const { overview, sequence } = this.#feed;
    return {
      computer: this.#messenger.computer,
      domain: this.#network.domain,
      names: this.#messenger.names(),
      computers: this.#network.computers(),
      conversations: overview.conversations(),
      alerts: overview.alerts().map(pageNote),
      run: this.#run,
      sequence,
    };
  }

  #follow(response: ServerResponse, query: URLSearchParams): void {
    const after = Number(query.get('after'));
    const isOurs = query.get('run') === this.#run && Number.isSafeInteger(after);
    this.#feed.follow(response, isOurs ? after : undefined);
  }

  close(): void {
    this.#feed.close();
  }
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
