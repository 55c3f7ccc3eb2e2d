import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MailslotError } from 'mailslot';
import { Api } from './api.js';
import { Connections } from './connections.js';
import { readFiles } from './files.js';
import { Gate } from './gate.js';
import { securityHeaders } from './headers.js';
import { HEAD_MS, LOOK_MS, REQUEST_MS } from './limits.js';
import type { PageMessenger, PageNetwork } from './messenger.js';
import { Refusal } from './refusal.js';
import { newToken } from './token.js';

export interface PageOptions {
  readonly messenger: PageMessenger;
  readonly network: PageNetwork;
  /** The built page: the folder `web` beside the program. */
  readonly folder: string;
  /** Of 127.0.0.1; default 0: any that is free. */
  readonly port?: number;
  /** What the link has behind `#`; default: a new one. */
  readonly token?: string;
}

export interface Page {
  /** The link to open. Whoever has it may read and send as this user. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the page of that messenger to browsers on this computer.
 *
 * Rejects with the system's error if the port is taken, and an Error if the page is not built.
 */
export async function startPage(options: PageOptions): Promise<Page> {
  const { messenger, network, port = 0, token = newToken() } = options;
  const files = readFiles(options.folder);
  const server = createServer({
    ...{ headersTimeout: HEAD_MS, requestTimeout: REQUEST_MS, connectionsCheckingInterval: LOOK_MS },
    maxHeaderSize: 8192,
  });
  const connections = new Connections(server);
  server.listen({ host: '127.0.0.1', port, exclusive: true });
  await once(server, 'listening');
  // A connection that the system has no room for is lost, and no other one.
  server.on('error', () => {});

  const bound = (server.address() as AddressInfo).port;
  const api = new Api(messenger, network);
  const site = new Site(new Gate(bound, token), connections, files, api);
  server.on('request', (request, response) => void site.answer(request, response));
  return { url: `http://127.0.0.1:${bound}/#${token}`, close: () => close(server, api) };
}

async function close(server: Server, api: Api): Promise<void> {
  api.close();
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** What is behind the port. */
class Site {
  readonly #gate: Gate;
  readonly #connections: Connections;
  readonly #files: ReturnType<typeof readFiles>;
  readonly #api: Api;

  constructor(gate: Gate, connections: Connections, files: ReturnType<typeof readFiles>, api: Api) {
    this.#gate = gate;
    this.#connections = connections;
    this.#files = files;
    this.#api = api;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    try {
      this.#gate.checkOrigin(request);
      const url = urlOf(request);
      if (!url.pathname.startsWith('/api/')) return this.#sendFile(request, response, url.pathname);
      this.#gate.checkToken(request);
      this.#connections.prove(request.socket);
      await this.#api.answer(request, response, url);
    } catch (error) {
      refuse(response, error);
    }
  }

  #sendFile({ method = '' }: IncomingMessage, response: ServerResponse, path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) throw new Refusal(404, 'there is nothing here');
    if (method !== 'GET' && method !== 'HEAD') throw new Refusal(405, 'this can only be read');
    response.writeHead(200, { ...file.headers, 'content-length': file.body.length });
    response.end(method === 'HEAD' ? undefined : file.body);
  }
}

function urlOf({ url = '' }: IncomingMessage): URL {
  // Not relative to a base: `//evil/path` would be taken for another host's.
  if (!url.startsWith('/') || !URL.canParse(`http://page${url}`)) throw new Refusal(400, 'that is no path');
  return new URL(`http://page${url}`);
}

/** Says why not. What is still on its way of the request is not read: the connection ends. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { message } = error as Error;
  const code = error instanceof MailslotError ? error.code : undefined;
  response.writeHead(statusOf(error), {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(JSON.stringify({ error: message, code }));
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  // The messenger refused what was asked, and says why.
  return error instanceof MailslotError ? 422 : 500;
}
