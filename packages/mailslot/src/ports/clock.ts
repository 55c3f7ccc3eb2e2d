/** A time that is still to come and can be called off. */
export interface Alarm {
  cancel(): void;
}

/** Time, as the rest of the system sees it. */
export interface Clock {
  /** Milliseconds since 1970; may jump. */
  now(): number;
  /** Milliseconds since some moment in the past; never jumps, and may stand still while the computer sleeps. */
  monotonic(): number;
  /** Calls back once, `ms` from now at the earliest, and keeps the process alive until then. */
  after(ms: number, callback: () => void): Alarm;
  /** As `after`, but lets the process end meanwhile. */
  afterIdle(ms: number, callback: () => void): Alarm;
}

/** The longest delay of a Node timer; longer ones fire at once. */
const LONGEST = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => alarm(ms, callback, true),
  afterIdle: (ms, callback) => alarm(ms, callback, false),
};

function alarm(ms: number, callback: () => void, holdsProcess: boolean): Alarm {
  let left = ms;
  const next = (): NodeJS.Timeout => {
    const part = Math.min(left, LONGEST);
    left -= part;
    const timer = setTimeout(() => {
      if (left > 0) current = next();
      else callback();
    }, part);
    return holdsProcess ? timer : timer.unref();
  };
  let current = next();
  return { cancel: () => clearTimeout(current) };
}
