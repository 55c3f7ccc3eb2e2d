/** What becomes of a process that a signal ends. */
export interface Ending {
  /** Aborted by the first signal: it closes what it has, and then dies of that signal. */
  readonly stop: AbortSignal;
  /** Aborted by a second one: it dies at once. */
  readonly now: AbortSignal;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Closes what this process has when a signal ends it, whatever else is under way, and then dies of that signal: a shell's
 * loop around it ends as well, and its exit code is 130 or 143.
 */
export function untilSignal(close: () => Promise<void>): Ending {
  const stop = new AbortController();
  const now = new AbortController();
  const die = (signal: NodeJS.Signals): void => {
    for (const each of SIGNALS) process.off(each, onSignal);
    process.kill(process.pid, signal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      now.abort();
      die(signal);
      return;
    }
    stop.abort();
    const end = (): void => die(signal);
    void close().then(end, end);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { stop: stop.signal, now: now.signal };
}

/** The signal is about to end the process: nothing may come before it. */
export async function diesOf({ stop }: Ending): Promise<void> {
  if (stop.aborted) await new Promise<never>(() => {});
}

/** Never resolves, and keeps the process alive: it waits for what only unrefs its handles, or for nothing but a signal. */
export function forever(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 2 ** 31 - 1));
}
