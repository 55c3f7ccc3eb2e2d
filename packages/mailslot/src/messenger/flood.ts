import { FLOOD_ADDRESS, FLOOD_ALL, FLOOD_COMPUTER, MAX_FLOOD_SENDERS } from '../limits.js';
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

/** Where something came from. */
export interface Origin {
  /** `undefined`: this computer. */
  readonly computer: string | undefined;
  /** Whether somebody vouches for the computer. */
  readonly authenticated: boolean;
  /** As the transport saw it, as `10.99.0.11:51234`; `undefined` where it saw none. */
  readonly address: string | undefined;
}

/**
 * Admits so many messages of one sender, by computer and name; {@link FLOOD_COMPUTER} times as many of one computer, since
 * names are free; as many of all together for whom nobody vouches; {@link FLOOD_ADDRESS} times as many of one address, since
 * any member may use any computer's name; and {@link FLOOD_ALL} times as many in all.
 */
export class FloodFilter {
  private readonly senders: Buckets;
  private readonly places: Buckets;
  private readonly addresses: Buckets;
  private readonly all: Buckets;

  constructor({ perSecond, burst }: FloodLimits, clock: Clock) {
    const times = (factor: number): Buckets => new Buckets(perSecond * factor, burst * factor, clock);
    this.senders = times(1);
    this.places = times(FLOOD_COMPUTER);
    this.addresses = times(FLOOD_ADDRESS);
    this.all = times(FLOOD_ALL);
  }

  admits({ computer, authenticated, address }: Origin, from: string): boolean {
    const place = authenticated ? `computer ${computer ?? ''}` : 'nobody vouches';
    const buckets = [
      this.senders.of(`${place}/${from}`),
      this.places.of(place),
      // Of those of one address that use many names, the address is what stays.
      ...(address === undefined ? [] : [this.addresses.of(hostOf(address))]),
      this.all.of(''),
    ];
    // What one of them refuses is not taken from the others.
    if (buckets.some(({ tokens }) => tokens < 1)) return false;
    for (const bucket of buckets) bucket.tokens -= 1;
    return true;
  }
}

/** Without the port, of which an address has as many as it likes. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '');
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
