import { u32At } from '../../bytes/reader.js';
import { KEPT_BEYOND, LARGE_BODY, MESSAGE_OVERHEAD } from '../../limits.js';
import type { Sender } from '../../name/sender.js';
import { Fifo } from '../fifo.js';
import { Message } from '../message.js';
import { KeptMemory } from './kept.js';
import { SlabPool } from './slabs.js';
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

/**
 * Looks at a message where it lies: in `bytes` from `start` up to, not including, `end`. A promise that it returns
 * is awaited, but the bytes are its own only until it returns that.
 */
export type BytesHandler =
  | ((bytes: Buffer, start: number, end: number, sender: Sender) => void)
  | ((bytes: Buffer, start: number, end: number, sender: Sender) => Promise<void>);

/** What a message of `size` bytes is charged against the bound of the queue. */
export function chargeOf(size: number): number {
  return size + MESSAGE_OVERHEAD;
}

/**
 * The messages that wait: first in, first out, with their sizes summed against a bound.
 *
 * They stay where they were read as long as they keep alive not much more than they are charged; a few small ones in a
 * large buffer are copied out of it.
 */
export class MessageQueue {
  /** What the queue may hold, in bytes charged. */
  readonly capacity: number;
  private readonly runs = new Fifo<Run>();
  private readonly memory = new KeptMemory();
  private readonly copies = new SlabPool();
  /** What may be kept alive beyond what is charged. */
  private readonly beyond: number;
  private charged = 0;
  private waiting = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.beyond = Math.min(KEPT_BEYOND, capacity / 4);
  }

  /** Bytes of memory that the messages keep alive, whole buffers. */
  get kept(): number {
    return this.memory.bytes;
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
    this.waiting += run.count;
    this.charged += charge;
    if (this.continues(run)) return;
    if (this.isSparse(run, charge)) {
      this.copyOut(run);
      if (this.continues(run)) return;
    }
    this.memory.add(run.bytes.buffer);
    this.runs.push(run);
  }

  /** Removes and returns the first message. */
  take(): Message | undefined {
    const run = this.runs.peek();
    if (run === undefined) return undefined;
    const { bytes, at, sender } = run;
    const end = this.advance(run);
    return new Message(viewOf(bytes.buffer, bytes.byteOffset + at + 4, end - at - 4), sender);
  }

  /** Removes the first message, if there is one, and returns what `use` does, told where it is. */
  takeBytes(use: BytesHandler): unknown {
    const run = this.runs.peek();
    if (run === undefined) return undefined;
    const start = run.at + 4;
    const end = this.advance(run);
    return use(run.bytes, start, end, run.sender);
  }

  /** Copies what lies in `bytes`, which are about to be written over: the messages that came last. */
  moveOutOf(bytes: Buffer): void {
    for (const run of this.runs.backwards()) {
      if (run.bytes !== bytes) return;
      this.memory.remove(bytes.buffer);
      this.copyOut(run);
      this.memory.add(run.bytes.buffer);
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
    this.memory.clear();
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
    if (run.count === 0) {
      this.runs.shift();
      this.memory.remove(run.bytes.buffer);
    }
    this.waiting -= 1;
    this.charged -= chargeOf(size);
    return end;
  }

  /** Appends a run to the last one if it lies right behind that: no object for each message that came alone. */
  private continues(run: Run): boolean {
    const last = this.runs.peekLast();
    if (!last || last.end !== run.at || last.bytes !== run.bytes || last.sender !== run.sender) return false;
    last.end = run.end;
    last.count += run.count;
    return true;
  }

  /** Whether a run would keep more memory alive than the queue may: its own charge always may be. */
  private isSparse(run: Run, charge: number): boolean {
    const cost = this.memory.costOf(run.bytes.buffer);
    return cost > charge && this.memory.bytes + cost > this.charged + this.beyond;
  }

  /** Copies a run to where nothing else is kept with it but other copies. */
  private copyOut(run: Run): void {
    const size = run.end - run.at;
    const isSmall = size < LARGE_BODY;
    const start = isSmall ? this.copies.place(size) : 0;
    const bytes = isSmall ? this.copies.slab : Buffer.allocUnsafeSlow(size);
    run.bytes.copy(bytes, start, run.at, run.end);
    run.bytes = bytes;
    run.at = start;
    run.end = start + size;
  }
}
