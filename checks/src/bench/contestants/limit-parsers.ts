import type { OnMessage } from '../verifier.js';

/** Takes frames, a length of four bytes and the body, out of what is read into the buffers that it names. */
export interface Parser {
  /** Where the next read goes. */
  nextBuffer(): Buffer;
  /** Takes note of `size` bytes that were read into that buffer. */
  caught(size: number): void;
}

const REUSED_BUFFER = 256 << 10;

/** Reads everything into one buffer, again and again: messages are valid only in the callback. */
export class ReusingParser implements Parser {
  private readonly onMessage: OnMessage;
  private readonly buffer = Buffer.allocUnsafeSlow(REUSED_BUFFER);
  private end = 0;

  constructor(onMessage: OnMessage) {
    this.onMessage = onMessage;
  }

  nextBuffer(): Buffer {
    return this.end === 0 ? this.buffer : this.buffer.subarray(this.end);
  }

  caught(size: number): void {
    const { buffer } = this;
    const end = this.end + size;
    const at = parseFrames(buffer, 0, end, this.onMessage);
    if (at > 0 && at < end) buffer.copyWithin(0, at, end);
    this.end = end - at;
  }
}

const SLAB = 256 << 10;
const SLAB_REST = 64 << 10;
/** From this length on a message that has only begun is read into a buffer of its own. */
const LARGE = 16 << 10;
/** What is read for the header behind such a message, so that the next body needs no copy. */
const HEADER_WINDOW = 512;

/** Never reads twice into the same bytes: messages may be kept. */
export class KeepingParser implements Parser {
  private readonly onMessage: OnMessage;
  private slab = Buffer.allocUnsafeSlow(SLAB);
  private at = 0;
  private end = 0;
  private body: Buffer | undefined;
  private filled = 0;
  private afterBody = false;

  constructor(onMessage: OnMessage) {
    this.onMessage = onMessage;
  }

  nextBuffer(): Buffer {
    if (this.body !== undefined) return this.body.subarray(this.filled);
    if (SLAB - this.end < SLAB_REST) {
      const rest = this.slab.subarray(this.at, this.end);
      this.slab = Buffer.allocUnsafeSlow(SLAB);
      this.slab.set(rest);
      this.at = 0;
      this.end = rest.length;
    }
    return this.slab.subarray(this.end, this.afterBody ? this.end + HEADER_WINDOW : SLAB);
  }

  caught(size: number): void {
    if (this.body !== undefined) {
      this.fill(this.body, size);
      return;
    }
    this.end += size;
    this.at = parseFrames(this.slab, this.at, this.end, this.onMessage);
    this.afterBody = false;
    if (this.end - this.at >= 4 && lengthAt(this.slab, this.at) >= LARGE) this.beginBody();
  }

  private beginBody(): void {
    this.body = Buffer.allocUnsafeSlow(lengthAt(this.slab, this.at));
    this.filled = this.slab.copy(this.body, 0, this.at + 4, this.end);
    this.at = this.end;
  }

  private fill(body: Buffer, size: number): void {
    this.filled += size;
    if (this.filled < body.length) return;
    this.onMessage(body, 0, body.length);
    this.body = undefined;
    this.afterBody = true;
  }
}

/** Hands over all complete frames between `at` and `end`; returns where the incomplete one begins. */
function parseFrames(bytes: Uint8Array, at: number, end: number, onMessage: OnMessage): number {
  let begin = at;
  while (end - begin >= 4) {
    const next = begin + 4 + lengthAt(bytes, begin);
    if (next > end) break;
    onMessage(bytes, begin + 4, next);
    begin = next;
  }
  return begin;
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
