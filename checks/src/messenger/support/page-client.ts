import type { Change, PageNote, PageNotes, PageState } from '../../../../packages/web/dist/api.js';
import { eventsOf } from '../../../../packages/web/dist/event-stream.js';

/** A note that an event brought, and when, in milliseconds since 1970. */
export interface Shown {
  readonly note: PageNote;
  readonly at: number;
}

interface Waiting {
  readonly text: string;
  readonly resolve: (shown: Shown) => void;
  readonly reject: (error: Error) => void;
}

/** What the page does in a browser, without one: asks its server with the token of the link, and follows the events. */
export class PageClient {
  /** Everything that the events brought, in their order: a note that changes comes again. */
  readonly shown: Shown[] = [];
  readonly #api: string;
  readonly #token: string;
  readonly #end = new AbortController();
  readonly #waiting = new Set<Waiting>();
  #failure: Error | undefined;

  private constructor(link: string) {
    const { origin, hash } = new URL(link);
    this.#api = `${origin}/api/`;
    this.#token = hash.slice(1);
  }

  /** Follows from now on. */
  static async open(link: string): Promise<PageClient> {
    const client = new PageClient(link);
    const { run, sequence } = await client.state();
    const query = new URLSearchParams({ run, after: String(sequence) });
    const { body } = await client.#ask(`events?${query}`, { signal: client.#end.signal });
    client.#follow(body as ReadableStream<Uint8Array>).catch((error: Error) => client.#fail(error));
    return client;
  }

  async state(): Promise<PageState> {
    return (await (await this.#ask('state')).json()) as PageState;
  }

  async notes(query: Readonly<Record<string, string>>): Promise<PageNotes> {
    return (await (await this.#ask(`notes?${new URLSearchParams(query)}`)).json()) as PageNotes;
  }

  async send(to: string, text: string): Promise<PageNote> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ to, text });
    return (await (await this.#ask('send', { method: 'POST', headers, body })).json()) as PageNote;
  }

  /** Resolves when a note of that text was shown; rejects when the events end. */
  untilShown(text: string): Promise<Shown> {
    const shown = this.shown.find(({ note }) => note.text === text);
    if (shown !== undefined) return Promise.resolve(shown);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.add({ text, resolve, reject }));
  }

  /** Throws if the server has cut it off: a page would come back, but who reads all the time is not cut off. */
  checkFollows(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(): void {
    this.#end.abort();
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.#token}` };
    const response = await fetch(this.#api + path, { ...init, headers });
    if (response.ok) return response;
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  async #follow(stream: ReadableStream<Uint8Array>): Promise<never> {
    for await (const { type, data } of eventsOf(stream)) {
      if (type === 'gap') throw new Error('events were missed');
      if (type === 'change') this.#take(JSON.parse(data) as Change);
    }
    throw new Error('the events ended');
  }

  #take({ notes = [] }: Change): void {
    const at = Date.now();
    for (const note of notes) {
      const shown = { note, at };
      this.shown.push(shown);
      for (const waiting of this.#waiting) {
        if (waiting.text !== note.text) continue;
        this.#waiting.delete(waiting);
        waiting.resolve(shown);
      }
    }
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#waiting) reject(error);
  }
}
