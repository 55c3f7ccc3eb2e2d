import type { Alarm, Clock } from 'mailslot/testing';

/**
 * The clocks of one computer: off by some time, set at will, and standing still with the computer.
 *
 * `suspend` is a laptop that is closed: no time passes for `monotonic`. `stop` is a process that gets no processor:
 * time passes, and what falls due meanwhile is late.
 */
export class ComputerClock implements Clock {
  isStopped = false;
  private readonly world: Clock;
  private skewMs: number;
  /** How much of the world's time this computer slept through. */
  private sleptMs = 0;
  private asleepSince: number | undefined;
  private late: (() => void)[] = [];

  constructor(world: Clock, skewMs: number) {
    this.world = world;
    this.skewMs = skewMs;
  }

  get isStill(): boolean {
    return this.isStopped || this.asleepSince !== undefined;
  }

  /** How far it is off the world's time. */
  get skew(): number {
    return this.skewMs;
  }

  now(): number {
    return this.world.now() + this.skewMs;
  }

  monotonic(): number {
    return (this.asleepSince ?? this.world.monotonic()) - this.sleptMs;
  }

  after(ms: number, callback: () => void): Alarm {
    const due = this.monotonic() + ms;
    let isOff = false;
    let alarm: Alarm | undefined;
    const ring = (): void => {
      // Sums of fractions are not exact; a clock that waited for less would never ring.
      const left = due - this.monotonic();
      if (isOff) return;
      if (this.isStill) this.late.push(ring);
      else if (left > 0.001) alarm = this.world.after(left, ring);
      else callback();
    };
    alarm = this.world.after(ms, ring);
    return {
      cancel: () => {
        isOff = true;
        alarm?.cancel();
      },
    };
  }

  afterIdle(ms: number, callback: () => void): Alarm {
    return this.after(ms, callback);
  }

  jump(ms: number): void {
    this.skewMs += ms;
  }

  suspend(): void {
    this.asleepSince = this.world.monotonic();
  }

  stop(): void {
    this.isStopped = true;
  }

  goOn(): void {
    if (this.asleepSince !== undefined) this.sleptMs += this.world.monotonic() - this.asleepSince;
    this.asleepSince = undefined;
    this.isStopped = false;
    for (const ring of this.late.splice(0)) ring();
  }
}

/** The clock as one process sees it, whose alarms end with it. */
export class ProcessClock implements Clock {
  private readonly clock: Clock;
  private isKilled = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  after(ms: number, callback: () => void): Alarm {
    return this.clock.after(ms, () => {
      if (!this.isKilled) callback();
    });
  }

  afterIdle(ms: number, callback: () => void): Alarm {
    return this.after(ms, callback);
  }

  kill(): void {
    this.isKilled = true;
  }
}
