import { LARGE_BODY_MS, SIEGE_LOOK_MS, SIEGE_LOOKS, SIEGE_PACE } from '../../limits.js';
import type { Alarm, Clock } from '../../ports/clock.js';

/** Who has begun something that must come to an end. */
export interface Beginner {
  /** Whether more than an announcement has come of what it has begun. */
  readonly hasShown: boolean;
  /** There is room for the rest of what it has begun. */
  goOn(): void;
  /** Cuts off a client that does not finish what it began. */
  giveUp(): void;
}

/** A look at what has begun, once a second. */
const LOOK_MS = 1_000;
const LOOKS = LARGE_BODY_MS / LOOK_MS;

interface Begun {
  readonly charge: number;
  isComplete: boolean;
  looks: number;
}

/**
 * The large messages of which only the beginning is here. They have a room of their own, beside the queue: a message
 * that is here is never refused, or kept waiting, for one that may never come.
 *
 * Who finds no room here waits in a line, whatever the rule of the queue. While somebody does, whoever does not finish
 * is cut off: who has sent hardly more than an announcement after one look, others after ten. Looks are counted, not time: a
 * server that was busy elsewhere for a minute has looked only once, and first reads what has come.
 *
 * When somebody has waited for as long as one may take, a siege is on: many may hold the room in turn. From then on looks
 * follow each other fast, and a message must come at a pace, until nobody waits any more.
 */
export class Arrivals<T extends Beginner> {
  /** What all may be charged together. */
  private readonly capacity: number;
  private reserved = 0;
  private readonly begun = new Map<T, Begun>();
  /** Who waits to begin, and for how much; in their order, and anybody may leave at no cost, wherever he stands. */
  private readonly waiting = new Map<T, number>();
  private readonly clock: Clock;
  /** Looks in a row at which somebody waited. */
  private siege = 0;
  private alarm: Alarm | undefined;
  private pausedAt = 0;
  private served: T | undefined;
  private waking = false;

  constructor(clock: Clock, capacity: number) {
    this.clock = clock;
    this.capacity = capacity;
  }

  /** What is kept for messages that are arriving, in bytes charged. */
  get used(): number {
    return this.reserved;
  }

  /** Keeps room for a message that is charged so much; false: `from` waits for it, and is called back in its turn. */
  begin(from: T, charge: number): boolean {
    const isBehind = this.waiting.size > 0 && this.served !== from;
    if (isBehind || this.reserved + charge > this.capacity) {
      this.waiting.set(from, charge);
      return false;
    }
    this.reserved += charge;
    this.begun.set(from, { charge, isComplete: false, looks: 0 });
    this.lookSoon();
    return true;
  }

  /** It is here, and stays until there is room in the queue: nobody is cut off for that. */
  complete(from: T): void {
    const begun = this.begun.get(from);
    if (begun) begun.isComplete = true;
  }

  /** It is in the queue, or lost, or never will come. */
  end(from: T): void {
    const waited = this.waiting.delete(from);
    const begun = this.begun.get(from);
    if (begun) {
      this.begun.delete(from);
      this.reserved -= begun.charge;
    }
    if (begun || waited) this.wakeLater();
  }

  private wakeLater(): void {
    if (this.waiting.size === 0 || this.waking) return;
    this.waking = true;
    process.nextTick(() => {
      this.waking = false;
      this.wake();
    });
  }

  private wake(): void {
    for (const [writer, charge] of this.waiting) {
      if (this.reserved + charge > this.capacity) return;
      this.waiting.delete(writer);
      this.served = writer;
      writer.goOn();
      this.served = undefined;
    }
  }

  private lookSoon(): void {
    if (this.alarm) return;
    // It may be the next one of a row.
    if (this.clock.monotonic() - this.pausedAt > LARGE_BODY_MS) this.siege = 0;
    this.lookLater();
  }

  private lookLater(): void {
    this.alarm = this.clock.afterIdle(this.siege > LOOKS ? SIEGE_LOOK_MS : LOOK_MS, () => {
      this.alarm = undefined;
      this.look();
      this.pausedAt = this.clock.monotonic();
      if (this.begun.size > 0 && !this.alarm) this.lookLater();
    });
  }

  private look(): void {
    const isWanted = this.waiting.size > 0;
    this.siege = isWanted ? this.siege + 1 : 0;
    for (const [from, begun] of this.begun) {
      begun.looks += 1;
      if (isWanted && !begun.isComplete && begun.looks > this.patienceWith(from, begun)) from.giveUp();
    }
  }

  private patienceWith(from: T, { charge }: Begun): number {
    if (!from.hasShown) return 1;
    return this.siege > LOOKS ? SIEGE_LOOKS * Math.min(LOOKS, 1 + charge / SIEGE_PACE) : LOOKS;
  }
}
