import { LARGE_BODY_MS, SIEGE_LOOK_MS, SIEGE_PACE } from '../../limits.js';
import type { Alarm, Clock } from '../../ports/clock.js';

/** Who has begun something that must come to an end. */
export interface Beginner {
  /** Cuts off a client that does not finish what it began. */
  giveUp(): void;
}

/** A look at what has begun, once a second. */
const LOOK_MS = 1_000;
const LOOKS = LARGE_BODY_MS / LOOK_MS;

interface Begun {
  readonly charge: number;
  looks: number;
}

/**
 * The large messages of which only the beginning is here: each keeps room in the queue. While others go without room,
 * whoever does not finish is cut off, however much room is left beside. Looks are counted, not time: a server that was
 * busy elsewhere for a minute has looked only once, and first reads what has come.
 *
 * When others have gone without for as long as one may take, a siege is on: many may hold the room in turn. From then
 * on a message must come at a pace, until nobody goes without any more.
 */
export class Arrivals<T extends Beginner> {
  /** Sum of the room that is kept. */
  reserved = 0;
  private readonly begun = new Map<T, Begun>();
  private readonly clock: Clock;
  /** Whether messages wait for room now. */
  private readonly isAwaited: () => boolean;
  /** Looks for which a message that found no room still counts: who was refused may come again. */
  private wanted = 0;
  /** Looks in a row at which somebody went without. */
  private siege = 0;
  private alarm: Alarm | undefined;
  private pausedAt = 0;

  constructor(clock: Clock, isAwaited: () => boolean) {
    this.clock = clock;
    this.isAwaited = isAwaited;
  }

  /** A message begins that is charged so much. */
  begin(from: T, charge: number): void {
    this.reserved += charge;
    this.begun.set(from, { charge, looks: 0 });
    if (this.alarm) return;
    // It may be the next one of a row.
    if (this.clock.monotonic() - this.pausedAt > LARGE_BODY_MS) this.siege = 0;
    this.lookLater();
  }

  /** It is here, or never will be; returns what it was charged. */
  end(from: T): number {
    const charge = this.begun.get(from)?.charge ?? 0;
    this.begun.delete(from);
    this.reserved -= charge;
    return charge;
  }

  /** A message found no room. */
  missed(): void {
    this.wanted = 2 * LOOKS;
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
    const isWanted = this.wanted > 0 || this.isAwaited();
    this.wanted = Math.max(0, this.wanted - 1);
    this.siege = isWanted ? this.siege + 1 : 0;
    for (const [from, begun] of this.begun) {
      begun.looks += 1;
      const patience = this.siege > LOOKS ? Math.min(LOOKS, 1 + begun.charge / SIEGE_PACE) : LOOKS;
      if (isWanted && begun.looks > patience) from.giveUp();
    }
  }
}
