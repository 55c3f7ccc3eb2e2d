import type { Alarm, Clock } from '../ports/clock.js';
import { Heap } from './heap.js';

interface Pending {
  readonly at: number;
  /** Of two at one time the one that was set first rings first. */
  readonly order: number;
  /** Undefined: called off. */
  callback: (() => void) | undefined;
}

/** What was called off lies in the heap until its time, or until it is this much and most of the heap. */
const TOLERATED = 64;

/**
 * A clock for tests, which stands still until it is told how much time passes. The same calls in the same order always
 * lead to the same result, and an hour costs no more than what happens in it.
 *
 * ```ts
 * const clock = new VirtualClock();
 * clock.after(60_000, () => console.log('a minute later'));
 * clock.advance(60_000);
 * ```
 */
export class VirtualClock implements Clock {
  private wall = 1_700_000_000_000;
  private elapsed = 0;
  private set = 0;
  private live = 0;
  private readonly alarms = new Heap<Pending>((one, other) => {
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  });

  /** Whole milliseconds since 1970; begins in November 2023. */
  now(): number {
    return Math.floor(this.wall + this.elapsed);
  }

  /** Milliseconds since the clock was made; never jumps. */
  monotonic(): number {
    return this.elapsed;
  }

  after(ms: number, callback: () => void): Alarm {
    const pending: Pending = { at: this.elapsed + Math.max(ms, 0), order: this.set, callback };
    this.set += 1;
    this.live += 1;
    this.alarms.push(pending);
    return { cancel: () => this.callOff(pending) };
  }

  afterIdle(ms: number, callback: () => void): Alarm {
    return this.after(ms, callback);
  }

  /** Alarms that are set and have not rung. */
  get pending(): number {
    return this.live;
  }

  /** Lets time pass; what falls due rings at its time and in its order, also what is set meanwhile. */
  advance(ms: number): void {
    const end = this.elapsed + ms;
    for (let due = this.nextUntil(end); due; due = this.nextUntil(end)) this.ring(due);
    this.elapsed = Math.max(this.elapsed, end);
  }

  /** As `advance`, and lets promises go on after each alarm, as they do between the timers of a real process. */
  async pass(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await promisesSettled();
    for (let due = this.nextUntil(end); due; due = this.nextUntil(end)) {
      this.ring(due);
      await promisesSettled();
    }
    this.elapsed = Math.max(this.elapsed, end);
  }

  /** The wall clock is set, forwards or backwards, as by an administrator or NTP; `monotonic` and alarms go on. */
  jump(ms: number): void {
    this.wall += ms;
  }

  /** Time passes for the rest of the world while the process is stopped: what falls due rings late, at `advance`. */
  stall(ms: number): void {
    this.elapsed += ms;
  }

  private ring(due: Pending): void {
    const { callback } = due;
    this.alarms.pop();
    this.callOff(due);
    this.elapsed = Math.max(this.elapsed, due.at);
    callback?.();
  }

  private nextUntil(end: number): Pending | undefined {
    let first = this.alarms.first;
    while (first !== undefined && first.callback === undefined) {
      this.alarms.pop();
      first = this.alarms.first;
    }
    return first !== undefined && first.at <= end ? first : undefined;
  }

  private callOff(pending: Pending): void {
    if (pending.callback === undefined) return;
    pending.callback = undefined;
    this.live -= 1;
    if (this.alarms.size > 2 * this.live + TOLERATED)
      this.alarms.keep(({ callback }) => callback !== undefined);
  }
}

/** Node empties the queue of promises before it comes to the next tick. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
