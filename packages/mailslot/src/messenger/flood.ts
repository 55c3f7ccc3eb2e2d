import { FLOOD_COMPUTER, MAX_FLOOD_SENDERS } from '../limits.js';
import type { Clock } from '../ports/clock.js';

/** How much one sender may send. */
export interface FloodLimits {
  /** Messages a second in the long run. */
  readonly perSecond: number;
  /** Messages at once, after a pause. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** When it held that many. */
  at: number;
}

/**
 * Admits so many messages of one sender, by computer and name, and {@link FLOOD_COMPUTER} times as many of one computer,
 * since names are free.
 */
export class FloodFilter {
  private readonly senders: Buckets;
  private readonly computers: Buckets;

  constructor(limits: FloodLimits, clock: Clock) {
    this.senders = new Buckets(limits.perSecond, limits.burst, clock);
    this.computers = new Buckets(limits.perSecond * FLOOD_COMPUTER, limits.burst * FLOOD_COMPUTER, clock);
  }

  admits(computer: string | undefined, from: string): boolean {
    const place = computer ?? '';
    // What one of them refuses is not taken from the other.
    const sender = this.senders.of(`${place}/${from}`);
    const whole = this.computers.of(place);
    if (sender.tokens < 1 || whole.tokens < 1) return false;
    sender.tokens -= 1;
    whole.tokens -= 1;
    return true;
  }
}

class Buckets {
  private readonly perSecond: number;
  private readonly burst: number;
  private readonly clock: Clock;
  /** The one that was used latest is the last. */
  private readonly buckets = new Map<string, Bucket>();

  constructor(perSecond: number, burst: number, clock: Clock) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.clock = clock;
  }

  /** As full as it is now. */
  of(key: string): Bucket {
    const now = this.clock.monotonic();
    const bucket = this.buckets.get(key) ?? { tokens: this.burst, at: now };
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) * this.perSecond) / 1_000);
    bucket.at = now;
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > MAX_FLOOD_SENDERS)
      this.buckets.delete(this.buckets.keys().next().value as string);
    return bucket;
  }
}
