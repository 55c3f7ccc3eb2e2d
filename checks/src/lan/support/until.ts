import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MS = 20;
const LIMIT_MS = 60_000;

/** Resolves when `holds` does; rejects after a minute. Looks again and again: another process decides. */
export async function until(holds: () => Promise<boolean>, what = 'what was waited for'): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come within a minute`);
    await pause(LOOK_MS);
  }
}
