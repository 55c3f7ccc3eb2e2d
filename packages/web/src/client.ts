import type { Outgoing, PageFailure, PageNote, PageNotes, PageState } from './api.js';

/** What the server answered when it did not do it; status 0: it did not answer. */
export class RequestError extends Error {
  readonly status: number;
  /** Of an error of the messenger, as `ERR_MAILSLOT_NOT_FOUND`. */
  readonly code: string | undefined;

  constructor(status: number, message: string, code?: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

interface NotesWanted {
  readonly with?: string;
  readonly before?: string;
  readonly search?: string;
  readonly limit: number;
}

/** The server of the page. Everything rejects with a {@link RequestError}. */
export class Client {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  async state(): Promise<PageState> {
    return (await this.#get('state', {})).json();
  }

  async notes(wanted: NotesWanted, signal?: AbortSignal): Promise<PageNotes> {
    return (await this.#get('notes', { ...wanted }, signal)).json();
  }

  async send(note: Outgoing): Promise<PageNote> {
    return (await this.#post('send', note)).json();
  }

  async read(ids: readonly string[]): Promise<void> {
    await this.#post('read', { ids });
  }

  async readAll(conversation: string): Promise<void> {
    await this.#post('read', { with: conversation });
  }

  async addName(name: string): Promise<void> {
    await this.#post('names', { add: name });
  }

  async removeName(name: string): Promise<void> {
    await this.#post('names', { remove: name });
  }

  /** Changes from there on, as server-sent events. By fetch: an EventSource cannot send the token in a header. */
  async events(run: string, after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#get('events', { run, after }, signal);
    if (body === null) throw new RequestError(0, 'no events');
    return body;
  }

  #get(path: string, query: object, signal?: AbortSignal): Promise<Response> {
    const words = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    return this.#ask(`${path}?${new URLSearchParams(words)}`, signal === undefined ? {} : { signal });
  }

  #post(path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.#token}` };
    const response = await fetch(`/api/${path}`, { ...init, headers }).catch((error: unknown) => {
      init.signal?.throwIfAborted();
      throw new RequestError(0, `the messenger does not answer: ${(error as Error).message}`);
    });
    if (response.ok) return response;
    const failure: PageFailure = await response.json().catch(() => ({ error: response.statusText }));
    throw new RequestError(response.status, failure.error, failure.code);
  }
}
