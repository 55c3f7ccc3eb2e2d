import type { Clock, Random } from 'mailslot/transports';
import { NATS_COSTLY_MS, NATS_RETRY_JITTER, NATS_RETRY_MAX_MS, NATS_RETRY_MS } from './limits.js';

/**
 * How long to wait between two attempts to connect again.
 *
 * A server that is not there costs nobody anything, and is asked again soon. One that answers and does not let us in, or
 * not in time, may be busy with the logins of a thousand others: it is given twice as long each time.
 */
export class Backoff {
  private readonly clock: Clock;
  private readonly random: Random;
  private dialledAt: number | undefined;
  private costly = 0;
  private wasRefused = false;
  private ms: number;

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.random = random;
    this.ms = this.drawn();
  }

  /** An attempt begins. */
  dialled(): void {
    this.dialledAt = this.clock.monotonic();
  }

  /** The server does not take our login. */
  refused(): void {
    this.wasRefused = true;
  }

  /** It worked. */
  connected(): void {
    this.dialledAt = undefined;
    this.wasRefused = false;
    this.costly = 0;
  }

  /** In milliseconds; the same until the next attempt has failed. */
  next(): number {
    if (this.dialledAt === undefined) return this.ms;
    const took = this.clock.monotonic() - this.dialledAt;
    this.costly = this.wasRefused || took > NATS_COSTLY_MS ? this.costly + 1 : 0;
    this.dialledAt = undefined;
    this.wasRefused = false;
    this.ms = this.drawn();
    return this.ms;
  }

  private drawn(): number {
    const ms = Math.min(NATS_RETRY_MS * 2 ** this.costly, NATS_RETRY_MAX_MS);
    const [byte = 0] = this.random.bytes(1);
    return ms * (1 + (NATS_RETRY_JITTER * byte) / 256);
  }
}
