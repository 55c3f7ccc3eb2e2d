import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MS = 10;
const LIMIT_MS = 60_000;

/** Resolves when `holds` does; rejects after a minute. Looks again and again: other processes decide. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen within a minute`);
    await pause(LOOK_MS);
  }
}
