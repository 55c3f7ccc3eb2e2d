import { APPEAR_RECHECK_MS } from '../../limits.js';
import type { Clock } from '../../ports/clock.js';
import { onAbort } from '../abort.js';
import { timeoutMs } from '../options.js';

/** How long somebody waits. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** So many milliseconds, or until the signal aborts. */
  readonly wait: number | AbortSignal;
}

/**
 * Does what takes its time with a signal that aborts when the wait is over.
 *
 * @param tooLate the reason when the milliseconds are over
 */
export async function patiently<T>(
  { signal, wait }: Patience,
  clock: Clock,
  tooLate: (ms: number) => Error,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ms = wait instanceof AbortSignal ? Number.POSITIVE_INFINITY : timeoutMs('wait', wait);
  const signals = [signal, wait].filter((each) => each instanceof AbortSignal);
  for (const each of signals) each.throwIfAborted();
  const patience = new AbortController();
  const stopListening = signals.map((each) => onAbort(each, () => patience.abort(each.reason)));
  const alarm =
    ms < Number.POSITIVE_INFINITY ? clock.after(ms, () => patience.abort(tooLate(ms))) : undefined;
  try {
    return await action(patience.signal);
  } finally {
    alarm?.cancel();
    for (const stop of stopListening) stop();
  }
}

/** Resolves after the change, or after a moment in case nobody tells of it. Rejects with the signal's reason. */
export async function changeOrRecheck(
  change: Promise<void>,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const recheck = new Promise<void>((resolve) => {
    const alarm = clock.after(APPEAR_RECHECK_MS, resolve);
    const stopListening = onAbort(signal, resolve);
    stop = () => {
      alarm.cancel();
      stopListening();
    };
  });
  await Promise.race([change, recheck]);
  stop();
  signal.throwIfAborted();
}
