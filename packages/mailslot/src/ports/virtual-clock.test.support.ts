import type { Alarm, Clock } from './clock.js';

interface Pending {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock for tests, which stands still until it is told how much time passes. */
export class VirtualClock implements Clock {
  private time = 1_700_000_000_000;
  private readonly alarms = new Set<Pending>();

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): Alarm {
    const pending = { at: this.time + ms, callback };
    this.alarms.add(pending);
    return { cancel: () => this.alarms.delete(pending) };
  }

  afterIdle(ms: number, callback: () => void): Alarm {
    return this.after(ms, callback);
  }

  /** Alarms that are set and have not rung. */
  get pending(): number {
    return this.alarms.size;
  }

  /** Lets time pass; what falls due rings at its time and in its order, also what is set meanwhile. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (let due = this.next(end); due; due = this.next(end)) {
      this.alarms.delete(due);
      this.time = due.at;
      due.callback();
    }
    this.time = end;
  }

  private next(end: number): Pending | undefined {
    const due = [...this.alarms].filter(({ at }) => at <= end);
    return due.sort((one, other) => one.at - other.at)[0];
  }
}
