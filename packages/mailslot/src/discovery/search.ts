import { FIND_RETRY_MS } from '../limits.js';
import type { Clock } from '../ports/clock.js';

export interface SearchOptions {
  /** Asks once; calls back if there is an answer; returns how to stop listening for it. */
  readonly ask: (found: () => void) => () => void;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Asks again and again, each time after twice the pause, until somebody answers (true) or the time is over (false). */
export function search({ ask, clock, timeoutMs, signal }: SearchOptions): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = [];
    const end = (result: () => void): void => {
      for (const stop of stops.splice(0)) stop();
      result();
    };
    const after = (ms: number, callback: () => void): void => {
      const alarm = clock.after(ms, callback);
      stops.push(() => alarm.cancel());
    };
    const askAgain = (pauseMs: number): void => {
      after(pauseMs, () => askAgain(2 * pauseMs));
      stops.push(ask(() => end(() => resolve(true))));
    };
    const abort = (): void => end(() => reject(signal?.reason));
    signal?.addEventListener('abort', abort, { once: true });
    stops.push(() => signal?.removeEventListener('abort', abort));
    after(timeoutMs, () => end(() => resolve(false)));
    askAgain(FIND_RETRY_MS);
  });
}
