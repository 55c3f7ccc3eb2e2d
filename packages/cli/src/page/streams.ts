import type { ServerResponse } from 'node:http';
import { HEARTBEAT_MS, STREAM_BYTES_MAX, STREAMS_MAX } from './limits.js';
import { Refusal } from './refusal.js';

/** Something to say, and nothing said: a comment. */
const HEARTBEAT = ':\n\n';

/** The pages that follow the events. */
export class Streams {
  readonly #streams = new Set<ServerResponse>();
  readonly #heartbeat = setInterval(() => this.send(HEARTBEAT), HEARTBEAT_MS).unref();

  /** Begins with these events. */
  add(response: ServerResponse, first: readonly string[]): void {
    if (this.#streams.size >= STREAMS_MAX)
      throw new Refusal(503, 'too many pages are open: close some of them');
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#streams.add(response);
    response.once('close', () => this.#streams.delete(response));
    write(response, HEARTBEAT);
    for (const frame of first) write(response, frame);
  }

  send(frame: string): void {
    for (const response of this.#streams) write(response, frame);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#streams) response.end();
  }
}

/** Who does not read is cut off, so that it costs a bound and not all memory. It may come back. */
function write(response: ServerResponse, frame: string): void {
  if (response.writableLength > STREAM_BYTES_MAX) response.destroy();
  else response.write(frame);
}
