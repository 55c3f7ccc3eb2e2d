import { LARGE_BODY_MS } from '../../limits.js';
import type { Clock } from '../../ports/clock.js';
import type { Ports } from '../../ports/ports.js';
import { diagnostics } from '../diagnostics.js';
import { Fifo } from '../fifo.js';
import type { Message } from '../message.js';
import type { SlotInfo, WhenFull } from '../slot-info.js';
import { type BytesHandler, MessageQueue, type Run } from './queue.js';
import { lent, SlabPool } from './slabs.js';

/** What an inbox asks of a connected writer. */
export interface ConnectedWriter {
  /** What the message that waits for room is charged. */
  readonly needs: number;
  readonly isGone: boolean;
  /** Whether this is somebody who writes, not one who only asks how the slot stands. */
  readonly counts: boolean;
  /** There is room for the message that waited. */
  goOn(): void;
  /** Cuts off a client that keeps room for a message it does not finish. */
  giveUp(): void;
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
  /** Writers that broke the framing, or left a large message unfinished, and were cut off. */
  faults: number;
}

/** A large message is given up when it is still incomplete after this many looks, one a second. */
const LOOKS = LARGE_BODY_MS / 1000;

/**
 * Where all writers of a slot meet: the queue, the rule for when it is full, and who waits for room.
 *
 * Memory is bounded by the queue's bound: a large message has its room reserved before its bytes are read, and
 * a writer that must wait is not read from, so that the rest waits in its own process.
 */
export class Inbox {
  readonly name: string;
  readonly messageLimit: number;
  readonly whenFull: WhenFull;
  readonly queue: MessageQueue;
  readonly pool: SlabPool = new SlabPool();
  readonly writers: Set<ConnectedWriter> = new Set();
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
  private readonly waiting = new Fifo<ConnectedWriter>();
  private readonly arriving = new Map<ConnectedWriter, { charge: number; looks: number }>();
  /** Who has waited and has its turn now. */
  private served: ConnectedWriter | undefined;
  private readonly kept = new SlabPool();
  private readonly losesNewest: boolean;
  private reserved = 0;
  private looking = false;
  private waking = false;

  constructor(options: InboxOptions) {
    this.name = options.name;
    this.messageLimit = options.messageLimit;
    this.whenFull = options.whenFull;
    this.losesNewest = options.whenFull === 'reject' || options.whenFull === 'drop-newest';
    this.queue = new MessageQueue(options.queueBytes);
    this.info = options.info;
    this.onArrival = options.onArrival;
    this.clock = options.ports.clock;
  }

  /**
   * What messages of `writer` may be charged together to be taken now. Nothing while others have waited longer, or a
   * large message would wait for ever behind small ones; with `drop-oldest` older ones will make room.
   */
  roomFor(writer: ConnectedWriter): number {
    const { capacity, used } = this.queue;
    if (this.whenFull === 'drop-oldest') return capacity - this.reserved;
    return this.waiting.length > 0 && this.served !== writer ? 0 : capacity - used;
  }

  /** Appends messages whose charge is within {@link roomFor}. */
  take(run: Run, charge: number): void {
    this.evictFor(charge);
    if (this.losesNewest && this.queue.used > this.queue.capacity / 2) this.compact(run);
    this.counters.received += run.count;
    this.counters.receivedBytes += run.end - run.at - 4 * run.count;
    this.queue.push(run, charge);
  }

  /** Keeps room, within {@link roomFor}, for a large message of which only the beginning is here. */
  reserve(writer: ConnectedWriter, charge: number): void {
    this.evictFor(charge);
    this.queue.reserve(charge);
    this.reserved += charge;
    this.arriving.set(writer, { charge, looks: 0 });
    this.lookAfterArriving();
  }

  /** The large message of `writer` has arrived, or never will: its room is free, or its own. */
  settle(writer: ConnectedWriter): void {
    const arriving = this.arriving.get(writer);
    if (!arriving) return;
    this.arriving.delete(writer);
    this.queue.release(arriving.charge);
    this.reserved -= arriving.charge;
  }

  /** Counts a message that found no room, by a rule that does not let its writer wait. */
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

  /** Hands the first message to `handler`, where it lies. */
  deliverBytes(handler: BytesHandler): void {
    this.counters.delivered += 1;
    this.wakeLater();
    this.queue.takeBytes(handler);
  }

  /** Lets `writer` wait for room; it is called back, in its turn, when what it needs fits. */
  wait(writer: ConnectedWriter): void {
    this.waiting.push(writer);
  }

  /** Room may have come free. At most once a turn: a reader in a loop frees room for many at once. */
  wakeLater(): void {
    if (this.waiting.length === 0 || this.waking) return;
    this.waking = true;
    process.nextTick(() => {
      this.waking = false;
      this.wake();
    });
  }

  private wake(): void {
    for (let writer = this.waiting.peek(); writer; writer = this.waiting.peek()) {
      if (!writer.isGone && !this.queue.fits(writer.needs)) return;
      this.waiting.shift();
      this.served = writer;
      writer.goOn();
      this.served = undefined;
    }
  }

  /**
   * Copies messages away from what was read with them. A queue that is nearly full loses most of what comes: a small
   * message that is kept must not hold the slab in which large ones lie that are not.
   */
  private compact(run: Run): void {
    const start = this.kept.place(run.end - run.at);
    run.bytes.copy(this.kept.slab, start, run.at, run.end);
    run.bytes = this.kept.slab;
    run.end += start - run.at;
    run.at = start;
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

  /**
   * Cuts off who began a large message, does not finish it, and so keeps room from others. Looks are counted, not
   * time: a server that was busy elsewhere for a minute has looked only once and first reads what has come.
   */
  private lookAfterArriving(): void {
    if (this.looking) return;
    this.looking = true;
    this.clock.afterIdle(1000, () => {
      this.looking = false;
      for (const [writer, arriving] of this.arriving) {
        arriving.looks += 1;
        if (arriving.looks > LOOKS && this.queue.used > this.queue.capacity / 2) writer.giveUp();
      }
      if (this.arriving.size > 0) this.lookAfterArriving();
    });
  }
}
