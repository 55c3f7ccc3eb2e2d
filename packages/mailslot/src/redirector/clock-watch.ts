import {
  AFTER_STANDSTILL_MS,
  CLOCK_CHECK_MS,
  CLOCK_JUMP_MS,
  CLOCK_LATE_MS,
  MAX_CLOCK_SKEW_MS,
} from '../limits.js';
import type { Alarm, Clock } from '../ports/clock.js';

/**
 * Notices that the clock was set, or that the computer or this process was stopped for a while: compares the clock on
 * the wall with the one that never jumps, every second, and at once when a message's time shows it.
 */
export class ClockWatch {
  private readonly clock: Clock;
  private readonly onJump: (ms: number) => void;
  private lastNow: number;
  private lastMonotonic: number;
  private alarm: Alarm | undefined;
  /** The last time that nothing ran here: between these times, and over by then on the clock that never jumps. */
  private still: { readonly from: number; readonly until: number; readonly overAt: number } | undefined;

  /** @param onJump is told by how much the clock was set forward, less than 0 for back, about 0 after a mere stop. */
  constructor(clock: Clock, onJump: (ms: number) => void) {
    this.clock = clock;
    this.onJump = onJump;
    this.lastNow = clock.now();
    this.lastMonotonic = clock.monotonic();
  }

  /** The clock that never jumps, as of the last look: at most a second old, and read at no cost. */
  get heardAt(): number {
    return this.lastMonotonic;
  }

  start(): void {
    this.lastNow = this.clock.now();
    this.lastMonotonic = this.clock.monotonic();
    this.wait();
  }

  stop(): void {
    this.alarm?.cancel();
  }

  /** The time, after a look if it is not about that of the last one. */
  now(): number {
    const now = this.clock.now();
    const passed = now - this.lastNow;
    if (passed > CLOCK_CHECK_MS + CLOCK_LATE_MS || passed < -CLOCK_JUMP_MS) this.look();
    return now;
  }

  /** Whether what bears this time and is only here now has waited for this process, and was not late. */
  stoodStillAt(stamp: number): boolean {
    if (this.still === undefined) return false;
    const { from, until, overAt } = this.still;
    const isJustOver = this.clock.monotonic() - overAt < AFTER_STANDSTILL_MS;
    return isJustOver && stamp > from - MAX_CLOCK_SKEW_MS && stamp < until + MAX_CLOCK_SKEW_MS;
  }

  private wait(): void {
    this.alarm = this.clock.afterIdle(CLOCK_CHECK_MS, () => {
      this.wait();
      this.look();
    });
  }

  private look(): void {
    const [now, monotonic] = [this.clock.now(), this.clock.monotonic()];
    const passed = monotonic - this.lastMonotonic;
    const drift = now - this.lastNow - passed;
    if (passed > CLOCK_CHECK_MS + CLOCK_LATE_MS) {
      this.still = { from: this.lastNow, until: now, overAt: monotonic };
    }
    this.lastNow = now;
    this.lastMonotonic = monotonic;
    if (Math.abs(drift) > CLOCK_JUMP_MS || passed > CLOCK_CHECK_MS + CLOCK_LATE_MS) this.onJump(drift);
  }
}
