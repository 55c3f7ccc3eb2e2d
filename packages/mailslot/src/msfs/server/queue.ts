import { u32At } from '../../bytes/reader.js';
import { MESSAGE_OVERHEAD } from '../../limits.js';
import { Fifo } from '../fifo.js';
import { Message, type Sender } from '../message.js';
import { viewOf } from './view.js';

/**
 * Messages of one writer that lie one behind the other, as they came: each a word with its length, then its bytes.
 * A million small messages are a few thousand runs; the object for a message is made when it is read.
 */
export interface Run {
  bytes: Buffer;
  /** Where the word of the first message is. */
  at: number;
  /** Where the last message ends. */
  end: number;
  count: number;
  readonly sender: Sender;
}

/** Looks at a message where it lies: in `bytes` from `start` up to, not including, `end`. */
export type BytesHandler = (bytes: Buffer, start: number, end: number, sender: Sender) => void;

/** What a message of `size` bytes is charged against the bound of the queue. */
export function chargeOf(size: number): number {
  return size + MESSAGE_OVERHEAD;
}

/** The messages that wait: first in, first out, with their sizes summed against a bound. */
export class MessageQueue {
  /** What the queue may hold, in bytes charged. */
  readonly capacity: number;
  private readonly runs = new Fifo<Run>();
  private charged = 0;
  private waiting = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** What it holds and what is promised to messages that are still arriving. */
  get used(): number {
    return this.charged;
  }

  /** Messages that wait. */
  get count(): number {
    return this.waiting;
  }

  /** Length of the message that comes next. */
  get nextSize(): number | undefined {
    const run = this.runs.peek();
    return run && u32At(run.bytes, run.at);
  }

  fits(charge: number): boolean {
    return this.charged + charge <= this.capacity;
  }

  /** Promises room to a message that is still arriving. */
  reserve(charge: number): void {
    this.charged += charge;
  }

  /** Takes a promise back. */
  release(charge: number): void {
    this.charged -= charge;
  }

  /** Appends messages for which there is room: `charge` is the sum of theirs, 0 if it was reserved. */
  push(run: Run, charge: number): void {
    const last = this.runs.peekLast();
    // Messages that came one by one and were put one behind the other: no object for each of them.
    if (last && last.end === run.at && last.bytes === run.bytes && last.sender === run.sender) {
      last.end = run.end;
      last.count += run.count;
    } else this.runs.push(run);
    this.waiting += run.count;
    this.charged += charge;
  }

  /** Removes and returns the first message. */
  take(): Message | undefined {
    const run = this.runs.peek();
    if (run === undefined) return undefined;
    const { bytes, at, sender } = run;
    const end = this.advance(run);
    return new Message(viewOf(bytes.buffer, bytes.byteOffset + at + 4, end - at - 4), sender);
  }

  /** Removes the first message and hands out where it is: bytes, start, end. */
  takeBytes(use: BytesHandler): void {
    const run = this.runs.peek();
    if (run === undefined) return;
    const start = run.at + 4;
    const end = this.advance(run);
    use(run.bytes, start, end, run.sender);
  }

  /** Copies what lies in `bytes`, which are about to be written over. */
  moveOutOf(bytes: Buffer): void {
    for (const run of this.runs) {
      if (run.bytes !== bytes) continue;
      run.bytes = Buffer.from(bytes.subarray(run.at, run.end));
      run.end -= run.at;
      run.at = 0;
    }
  }

  /** Loses the first message. */
  drop(): void {
    const run = this.runs.peek();
    if (run) this.advance(run);
  }

  /** Loses all; returns how many. */
  clear(): number {
    const lost = this.waiting;
    this.runs.clear();
    this.waiting = 0;
    this.charged = 0;
    return lost;
  }

  /** Steps over a run's first message; returns where that ends. */
  private advance(run: Run): number {
    const size = u32At(run.bytes, run.at);
    const end = run.at + 4 + size;
    run.at = end;
    run.count -= 1;
    if (run.count === 0) this.runs.shift();
    this.waiting -= 1;
    this.charged -= chargeOf(size);
    return end;
  }
}
