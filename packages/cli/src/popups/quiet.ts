import { join } from 'node:path';
import { readOwnFile, removeOwnFile, writeOwnFile } from '../input/own-file.js';

/** Until when only alerts are shown, in milliseconds since 1970; Infinity: until it is switched off. */
export type QuietUntil = number | undefined;

const FILE = 'quiet.json';

/** Do not disturb, as it stands in the messenger's folder now. Throws MailslotError for a file that cannot be read. */
export function quietUntil(folder: string, now: number): QuietUntil {
  try {
    const { until } = JSON.parse(readOwnFile(join(folder, FILE), 0o022) ?? '') as { until?: unknown };
    if (until === null) return Number.POSITIVE_INFINITY;
    return typeof until === 'number' && until > now ? until : undefined;
  } catch (error) {
    // Who edited it by hand and failed is disturbed.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Asks again and again whether do not disturb is on. A file that cannot be read counts as off, and is told of once: it must
 * not end what shows messages.
 */
export function quietAsked(folder: string, now: () => number, warn: (text: string) => void): () => boolean {
  let isTold = false;
  return () => {
    try {
      return quietUntil(folder, now()) !== undefined;
    } catch (error) {
      if (!isTold) warn(`do not disturb counts as off: ${(error as Error).message}`);
      isTold = true;
      return false;
    }
  };
}

/** Throws MailslotError. */
export function setQuiet(folder: string, until: QuietUntil): void {
  const path = join(folder, FILE);
  if (until === undefined) removeOwnFile(path);
  // JSON has no Infinity; it writes null.
  else writeOwnFile(path, `${JSON.stringify({ until })}\n`);
}
