import { readdirSync } from 'node:fs';
import { UsageError } from '../terminal/exit.js';

/** Commands that take a person's name, or "*" for everybody. */
const TO_PEOPLE = ['send', 'net', 'chat'];

/**
 * Refuses a command line in which a shell has put the names of this folder's files in the place of a * without quotes: the
 * first of them would be taken for a person, and the others for the text. One file may as well be a name that was meant.
 */
export function refuseExpandedStar([command = '', ...words]: readonly string[]): void {
  if (!TO_PEOPLE.includes(command) || words.length < 2) return;
  const files = new Set(visibleFiles());
  const first = words.findIndex((word) => files.has(word));
  if (files.size < 2 || first < 0) return;
  const run = words.slice(first, first + files.size);
  if (run.length < files.size || !run.every((word) => files.has(word)) || new Set(run).size < files.size)
    return;
  throw new UsageError(
    `"${run.slice(0, 2).join('", "')}"${run.length > 2 ? ' …' : ''} are all files of this folder: did the shell put them in the ` +
      'place of a * without quotes? Write "*"; nothing was sent',
  );
}

/** As a shell expands *. Nothing where the folder cannot be read: then no shell has read it. */
function visibleFiles(): string[] {
  try {
    return readdirSync('.').filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}
