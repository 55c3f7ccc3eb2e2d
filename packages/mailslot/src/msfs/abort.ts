import { setMaxListeners } from 'node:events';
import { invalid } from './options.js';

/** Calls `abort` when the signal aborts; returns how to stop that. Nothing to do without a signal. */
export function onAbort(signal: AbortSignal | undefined, abort: () => void): () => void {
  if (signal === undefined) return () => {};
  // One signal for all waits of a program is good use, not a leak that Node should warn of.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

/** Throws the reason of a signal that has aborted already. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal)) throw invalid('signal', 'an AbortSignal', typeof signal);
  signal.throwIfAborted();
}

/** Ends the wait for `promise` when the signal aborts; what it waits for goes on. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    const stop = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(stop);
  });
}
