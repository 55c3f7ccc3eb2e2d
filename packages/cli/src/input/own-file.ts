import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MailslotError } from 'mailslot';
import { inWords } from '../terminal/system-words.js';
import { readSmall } from './read-at-most.js';

/**
 * The text of a small file that this user's programs keep; `undefined`: there is none. Throws MailslotError, also for what is
 * no file (a FIFO would be waited for), not this user's, or has one of the modes in `forbidden`.
 */
export function readOwnFile(path: string, forbidden: number): string | undefined {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (!stats.isFile()) throw unusable(path, 'it is no file');
    if (process.geteuid !== undefined && stats.uid !== process.geteuid())
      throw unusable(path, `it belongs to uid ${stats.uid}`);
    if (process.platform !== 'win32' && (stats.mode & forbidden) !== 0)
      throw unusable(path, 'others may get at it');
    return readSmall(path);
  } catch (error) {
    throw cannot('read', path, error, 'make it readable for this user, or remove it');
  }
}

/** Replaces such a file, whole or not at all, whatever is in its place. Throws MailslotError. */
export function writeOwnFile(path: string, text: string): void {
  const draft = `${path}.new`;
  try {
    makeFolder(dirname(path));
    // What a process left that was killed meanwhile, or somebody put there, is not written to.
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  } catch (error) {
    discard(draft);
    throw cannot('write', path, error, ELSEWHERE);
  }
}

/** Not by `recursive` of Node, which tries for ever where the system makes no folder and says that there is none, as in /proc. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (existsSync(folder)) return;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
}

/** Throws MailslotError. */
export function removeOwnFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw cannot('remove', path, error, ELSEWHERE);
  }
}

const VARIABLE = process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_STATE_HOME';

const ELSEWHERE = `put that right, or set ${VARIABLE} to another folder`;

function unusable(path: string, reason: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', `cannot read ${path}: ${reason}`, {
    remedy: 'remove it',
  });
}

function cannot(deed: string, path: string, error: unknown, remedy: string): MailslotError {
  if (error instanceof MailslotError) return error;
  const reason = inWords(`cannot ${deed} ${path}: ${(error as Error).message}`);
  return new MailslotError('ERR_MAILSLOT_IO', reason, { cause: error, remedy });
}

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // What is told is why it could not be written.
  }
}
