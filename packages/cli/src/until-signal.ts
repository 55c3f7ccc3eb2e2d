/**
 * Closes what this process has when a signal ends it, whatever else is under way, and then dies of that signal: a shell's
 * loop around it ends as well, and its exit code is 130 or 143.
 *
 * @returns aborted as soon as the signal is there
 */
export function untilSignal(close: () => Promise<void>): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stop.abort();
      void close().finally(() => process.kill(process.pid, signal));
    });
  }
  return stop.signal;
}

/** The signal is about to end the process: nothing may come before it. */
export async function diesOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) await new Promise<never>(() => {});
}

/** Never resolves, and keeps the process alive: it waits for what only unrefs its handles, or for nothing but a signal. */
export function forever(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 2 ** 31 - 1));
}
