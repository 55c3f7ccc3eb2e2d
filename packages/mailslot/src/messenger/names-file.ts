import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MailslotError } from '../errors.js';
import { MAX_ALIASES, MAX_NAMES_FILE, STALE_PLACE_MS } from '../limits.js';
import { readSmallFile } from '../msfs/small-file.js';
import { systemCode } from '../msfs/system-error.js';
import type { Clock } from '../ports/clock.js';
import { cannotKeep, ensureFolder } from './folder.js';
import { nameOrNothing } from './name.js';

/** The aliases that are kept in a messenger's folder; what is there and is no name is passed over. */
export function readAliases(folder: string): string[] {
  try {
    const text = readSmallFile(join(folder, 'names.json'), MAX_NAMES_FILE);
    const { aliases } = Object(JSON.parse(text ?? ''));
    if (!Array.isArray(aliases)) return [];
    return [...new Set(aliases.flatMap((each) => nameOrNothing(each) ?? []))].slice(0, MAX_ALIASES);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return [];
    throw cannotKeep(error, `read the names in ${folder}`);
  }
}

/** Replaces the aliases, whole or not at all; of two changes at once the second is refused. */
export function changeAliases(
  folder: string,
  clock: Clock,
  change: (aliases: readonly string[]) => readonly string[],
): void {
  ensureFolder(folder);
  const path = join(folder, 'names.json');
  const draft = `${path}.new`;
  const descriptor = openDraft(draft, clock);
  try {
    try {
      const aliases = change(readAliases(folder));
      if (aliases.length > MAX_ALIASES) throw tooMany();
      writeFileSync(descriptor, `${JSON.stringify({ aliases })}\n`);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw cannotKeep(error, `write the names in ${folder}`);
  }
}

/** The draft is the lock as well. */
function openDraft(draft: string, clock: Clock): number {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return openSync(draft, 'wx', 0o600);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw cannotKeep(error, `write ${draft}`);
      if (attempt > 1 || !removeStale(draft, clock)) throw busy(draft);
    }
  }
}

/** What a process left that was killed while it changed the names. */
function removeStale(draft: string, clock: Clock): boolean {
  const stats = statSync(draft, { throwIfNoEntry: false });
  if (stats !== undefined && clock.now() - stats.mtimeMs < STALE_PLACE_MS) return false;
  try {
    rmSync(draft, { force: true });
  } catch (error) {
    throw cannotKeep(error, `remove ${draft}`);
  }
  return true;
}

function busy(draft: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_UNUSABLE_CONFIG',
    `somebody else is changing the names, or was killed meanwhile`,
    { remedy: `try again, and then remove ${draft}` },
  );
}

export function tooMany(): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_NO_RESOURCES',
    `a messenger has at most ${MAX_ALIASES} names beside those of its computer and user`,
    { remedy: 'remove one first' },
  );
}
