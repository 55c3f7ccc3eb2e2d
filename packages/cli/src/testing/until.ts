import { setTimeout as wait } from 'node:timers/promises';

/** As long as a machine under load may take for what takes a moment. */
const SOON_MS = 30_000;

/** Looks until it fits; rejects with what was seen last when that takes too long. */
export async function until<Seen>(
  look: () => Seen | Promise<Seen>,
  fits: (seen: Seen) => boolean,
): Promise<Seen> {
  const deadline = performance.now() + SOON_MS;
  for (;;) {
    const seen = await look();
    if (fits(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`within ${SOON_MS / 1000} s it never was ${fits}, but at last:\n${shown(seen)}`);
    await wait(10);
  }
}

function shown(seen: unknown): string {
  return Array.isArray(seen) ? seen.join('\n') : typeof seen === 'string' ? seen : JSON.stringify(seen);
}
