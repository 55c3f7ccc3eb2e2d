import { LAN_BURST_MS, LAN_CATCH_UP_MS, LAN_TICK_MS } from '../limits.js';
import type { Clock } from '../ports/clock.js';

/**
 * How many bytes may leave now: so many a second on the average, and no more at once than receivers can buffer. What a
 * late tick could not send is made up for by the next ones.
 *
 * A packet leaves if there is any allowance at all, and what it takes beyond that is paid before the next one: so the
 * longest packet needs no allowance of its size.
 */
export class Pacer {
  private readonly clock: Clock;
  private readonly bytesPerMs: number;
  private allowance: number;
  private credit = 0;
  private filledAt: number;

  constructor(bytesPerSecond: number, clock: Clock) {
    this.clock = clock;
    this.bytesPerMs = bytesPerSecond / 1_000;
    this.allowance = this.bytesPerMs * LAN_BURST_MS;
    this.filledAt = clock.monotonic();
  }

  /** Whether a packet may leave; asked again a tick after it said no. */
  get mayLeave(): boolean {
    if (this.allowance > 0) return true;
    const elapsed = this.clock.monotonic() - this.filledAt;
    if (elapsed >= LAN_TICK_MS / 2) this.fill(elapsed);
    return this.allowance > 0;
  }

  left(bytes: number): void {
    this.allowance -= bytes;
  }

  private fill(elapsed: number): void {
    this.filledAt += elapsed;
    this.credit = Math.min(this.credit + elapsed * this.bytesPerMs, LAN_CATCH_UP_MS * this.bytesPerMs);
    const filled = Math.min(this.credit, LAN_BURST_MS * this.bytesPerMs);
    this.credit -= filled;
    this.allowance += filled;
  }
}
