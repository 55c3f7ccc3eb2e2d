import type { Alarm, Clock } from '../ports/clock.js';

/**
 * The clock of one computer among several: its wall clock is off and can be set on its own, while time passes alike
 * for all of them.
 *
 * ```ts
 * const clock = new VirtualClock();
 * const late = new SkewedClock(clock, -5_000);
 * ```
 */
export class SkewedClock implements Clock {
  private readonly clock: Clock;
  private skewMs: number;

  constructor(clock: Clock, skewMs: number) {
    this.clock = clock;
    this.skewMs = skewMs;
  }

  now(): number {
    return this.clock.now() + this.skewMs;
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  after(ms: number, callback: () => void): Alarm {
    return this.clock.after(ms, callback);
  }

  afterIdle(ms: number, callback: () => void): Alarm {
    return this.clock.afterIdle(ms, callback);
  }

  /** This computer's wall clock is set, forwards or backwards. */
  jump(ms: number): void {
    this.skewMs += ms;
  }
}
