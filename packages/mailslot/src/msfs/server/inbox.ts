import { MAX_CLIENTS } from '../../limits.js';
import type { Clock } from '../../ports/clock.js';
import type { Ports } from '../../ports/ports.js';
import { diagnostics } from '../diagnostics.js';
import type { Message } from '../message.js';
import type { SlotInfo, WhenFull } from '../slot-info.js';
import { Arrivals, type Beginner } from './arrivals.js';
import { type Client, Clients } from './clients.js';
import { Newcomers } from './newcomers.js';
import { type BytesHandler, chargeOf, MessageQueue, type Run } from './queue.js';
import { lent, SlabPool } from './slabs.js';

/** What an inbox asks of a connected writer. */
export interface InboxConnection extends Beginner, Client {
  /** What the message that waits for room is charged. */
  readonly needs: number;
  readonly isGone: boolean;
  /** Whether this is somebody who writes, not one who only asks how the slot stands. */
  readonly counts: boolean;
  /** Tells the client what was taken and ends the connection; resolves when its descriptor is given back. */
  close(): Promise<void>;
}

/** What an inbox must know of its slot. */
export interface InboxOptions {
  readonly name: string;
  /** The longest message that is taken. */
  readonly messageLimit: number;
  /** What the queue may hold, in bytes charged. */
  readonly queueBytes: number;
  readonly whenFull: WhenFull;
  /** How the slot stands, for writers that ask. */
  readonly info: () => SlotInfo;
  /** Called when messages have arrived. */
  readonly onArrival: () => void;
  readonly ports: Ports;
}

/** What happened to messages and writers so far. */
export interface Counters {
  received: number;
  receivedBytes: number;
  delivered: number;
  rejected: number;
  droppedOldest: number;
  droppedNewest: number;
  /** Writers that were cut off: they broke the framing, left something unfinished, or were too many. */
  faults: number;
}

/**
 * Where all writers of a slot meet: the queue, the rule for when it is full, and who waits for room.
 *
 * Memory is bounded by the queue's bound and half as much beside it, or one message of the limit: there a large message
 * has its room before its bytes are read. A writer that must wait is not read from, so that the rest waits in its own
 * process.
 */
export class Inbox {
  readonly name: string;
  readonly messageLimit: number;
  readonly whenFull: WhenFull;
  readonly queue: MessageQueue;
  readonly pool: SlabPool = new SlabPool();
  readonly writers: Set<InboxConnection> = new Set();
  readonly clients: Clients<InboxConnection>;
  readonly newcomers: Newcomers;
  /** Times that any writer was heard. */
  heard = 0;
  readonly counters: Counters = {
    received: 0,
    receivedBytes: 0,
    delivered: 0,
    rejected: 0,
    droppedOldest: 0,
    droppedNewest: 0,
    faults: 0,
  };
  readonly info: () => SlotInfo;
  private readonly onArrival: () => void;
  readonly clock: Clock;
  /** In their order; a line from which anybody may leave at no cost, wherever he stands. */
  private readonly waiting = new Set<InboxConnection>();
  /** The large messages that are not in the queue yet. */
  readonly arrivals: Arrivals<InboxConnection>;
  /** Who has waited and has its turn now. */
  private served: InboxConnection | undefined;
  private waking = false;

  constructor(options: InboxOptions) {
    this.name = options.name;
    this.messageLimit = options.messageLimit;
    this.whenFull = options.whenFull;
    this.queue = new MessageQueue(options.queueBytes);
    this.info = options.info;
    this.onArrival = options.onArrival;
    this.clock = options.ports.clock;
    this.clients = new Clients(this.clock, MAX_CLIENTS);
    this.newcomers = new Newcomers(this.clock);
    const besides = Math.max(options.queueBytes / 2, chargeOf(options.messageLimit));
    this.arrivals = new Arrivals(this.clock, besides);
  }

  /**
   * What complete messages of `writer` may be charged together to be taken now. Nothing while others have waited longer,
   * or a large message would wait for ever behind small ones; with `drop-oldest` older ones will make room.
   */
  roomFor(writer: InboxConnection): number {
    const { capacity, used } = this.queue;
    if (this.whenFull === 'drop-oldest') return capacity;
    return this.waiting.size > 0 && this.served !== writer ? 0 : capacity - used;
  }

  /** Appends messages whose charge is within {@link roomFor}. */
  take(run: Run, charge: number): void {
    this.evictFor(charge);
    this.counters.received += run.count;
    this.counters.receivedBytes += run.end - run.at - 4 * run.count;
    this.queue.push(run, charge);
  }

  /** The large message of `writer` is in the queue, or lost, or never will come: its room is free. */
  settle(writer: InboxConnection): void {
    this.arrivals.end(writer);
  }

  /** `writer` has gone. */
  forget(writer: InboxConnection): void {
    this.writers.delete(writer);
    this.clients.leave(writer);
    this.waiting.delete(writer);
    this.settle(writer);
    this.wakeLater();
  }

  /** Counts a message that is here and found no room. */
  lose(): void {
    if (this.whenFull === 'reject') this.counters.rejected += 1;
    else {
      this.counters.received += 1;
      this.counters.droppedNewest += 1;
    }
    this.publishDrop(this.whenFull, 1);
  }

  /** Messages have been taken: readers may be waiting. */
  arrived(): void {
    if (this.queue.count > 0) this.onArrival();
  }

  /** The first message, if there is one, for its reader. */
  deliver(): Message | undefined {
    // What is kept must not lie where the next read goes.
    if (this.pool.lends) this.queue.moveOutOf(lent().bytes);
    const message = this.queue.take();
    if (message === undefined) return undefined;
    this.counters.delivered += 1;
    this.wakeLater();
    return message;
  }

  /** Hands the first message to `handler`, where it lies, and returns what it returns. */
  deliverBytes(handler: BytesHandler): unknown {
    this.counters.delivered += 1;
    this.wakeLater();
    return this.queue.takeBytes(handler);
  }

  /** Lets `writer` wait for room; it is called back, in its turn, when what it needs fits. */
  wait(writer: InboxConnection): void {
    this.waiting.add(writer);
  }

  /** Room may have come free. At most once a turn: a reader in a loop frees room for many at once. */
  wakeLater(): void {
    if (this.waiting.size === 0 || this.waking) return;
    this.waking = true;
    process.nextTick(() => {
      this.waking = false;
      this.wake();
    });
  }

  private wake(): void {
    for (const writer of this.waiting) {
      if (!this.queue.fits(writer.needs)) return;
      this.waiting.delete(writer);
      this.served = writer;
      writer.goOn();
      this.served = undefined;
    }
  }

  private evictFor(charge: number): void {
    let evicted = 0;
    while (!this.queue.fits(charge)) {
      this.queue.drop();
      evicted += 1;
    }
    if (evicted === 0) return;
    this.counters.droppedOldest += evicted;
    this.publishDrop('drop-oldest', evicted);
  }

  private publishDrop(reason: WhenFull, messages: number): void {
    if (diagnostics.drop.hasSubscribers) diagnostics.drop.publish({ name: this.name, reason, messages });
  }
}
