import { type FSWatcher, lstatSync, watch } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { homeFolder } from '../config/home.js';
import { MailslotError } from '../errors.js';
import { HISTORY_RECHECK_MS, HISTORY_SETTLE_MS } from '../limits.js';
import { makeFolders } from '../msfs/make-folders.js';
import { isOwn, userId } from '../msfs/namespace/user.js';
import { fromSystem, systemCode } from '../msfs/system-error.js';
import type { Alarm, Clock } from '../ports/clock.js';

/**
 * Where the messenger of this user keeps its history and names, unless another folder is asked for:
 * `$XDG_STATE_HOME/mailslot/messenger`, `~/.local/state/mailslot/messenger`, `/var/lib/mailslot/messenger` for root,
 * `%LOCALAPPDATA%\mailslot\messenger` on Windows.
 */
export function messengerFolder(env: Readonly<Record<string, string | undefined>>): string {
  return resolve(stateHome(env), 'mailslot', 'messenger');
}

const STATE_VARIABLE = process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_STATE_HOME';

/** How to have it elsewhere. */
const ANOTHER = `set ${STATE_VARIABLE} to another folder`;

/** What to do about a place where nothing can be kept. */
export const ELSEWHERE: string = `keep it elsewhere: ${ANOTHER}`;

/** What the system means, in words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ENOENT: 'a folder on the way to it is not there, or was removed',
  ENOTDIR: 'a file is in the way to it',
  EISDIR: 'a folder is in its place',
  EEXIST: 'something else is in its place',
  ELOOP: 'a symbolic link is in its place',
  ENOSPC: 'the disk is full; free some of it',
  EDQUOT: "this user's share of the disk is used up; free some of it",
  EROFS: 'the file system is read-only',
  EIO: 'the disk fails',
};

function stateHome(env: Readonly<Record<string, string | undefined>>): string {
  const chosen = env[STATE_VARIABLE] ?? '';
  // One that is not absolute would be another one wherever a program is started.
  if (isAbsolute(chosen)) return chosen;
  if (process.platform !== 'win32' && userId() === 0) return '/var/lib';
  const inHome = process.platform === 'win32' ? ['AppData', 'Local'] : ['.local', 'state'];
  return join(homeFolder(env, `${STATE_VARIABLE} to a folder of this user's`), ...inHome);
}

/** As {@link fromSystem}, for what is kept here; the next step names another place for it. */
export function cannotKeep(error: unknown, what: string): MailslotError {
  if (error instanceof MailslotError) return error;
  const { code } = fromSystem(error, what);
  const reason = REASONS[systemCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
  return new MailslotError(code, `cannot ${what}: ${reason}`, { cause: error, remedy: ELSEWHERE });
}

/** Makes the folder for this user alone, and refuses one that others may write in: what is read there is shown. */
export function ensureFolder(folder: string): void {
  try {
    makeFolders(folder, 0o700);
  } catch (error) {
    throw cannotKeep(error, `make the messenger's folder ${folder}`);
  }
  if (process.platform === 'win32') return;
  const stats = lstatSync(folder);
  if (!stats.isDirectory()) throw unusable(folder, `it is no folder`, `remove it, or ${ANOTHER}`);
  if (!isOwn(stats.uid)) {
    throw unusable(folder, `it belongs to uid ${stats.uid}, not to you`, `${ANOTHER}`);
  }
  if ((stats.mode & 0o077) !== 0) {
    throw unusable(folder, `others may get at it`, `run "chmod 700 ${folder}", or ${ANOTHER}`);
  }
}

function unusable(folder: string, reason: string, remedy: string): MailslotError {
  const text = `the messenger's folder ${folder} cannot be used: ${reason}`;
  return new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', text, { remedy });
}

/** Calls back soon after something in a folder changed, and now and then in case nobody tells; returns how to stop. */
export function watchFolder(folder: string, clock: Clock, callback: () => void): () => void {
  let soon: Alarm | undefined;
  let recheck: Alarm | undefined;
  const look = (): void => {
    soon = undefined;
    callback();
    watchAgain();
  };
  const lookLater = (): void => {
    recheck = clock.afterIdle(HISTORY_RECHECK_MS, () => {
      look();
      lookLater();
    });
  };
  lookLater();
  const changed = (): void => {
    soon ??= clock.afterIdle(HISTORY_SETTLE_MS, look);
  };
  let watched = inodeOf(folder);
  let watcher = watcherOf(folder, changed);
  /** One that was removed and made again is another folder. */
  const watchAgain = (): void => {
    const inode = inodeOf(folder);
    if (inode === undefined || inode === watched) return;
    watcher?.close();
    watched = inode;
    watcher = watcherOf(folder, changed);
  };
  return () => {
    soon?.cancel();
    recheck?.cancel();
    watcher?.close();
  };
}

function inodeOf(folder: string): bigint | undefined {
  try {
    return lstatSync(folder, { bigint: true, throwIfNoEntry: false })?.ino;
  } catch {
    return undefined;
  }
}

/** `undefined`: the system has no more of them, and the slow look remains. */
function watcherOf(folder: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    return watcher.on('error', () => watcher.close());
  } catch {
    return undefined;
  }
}
