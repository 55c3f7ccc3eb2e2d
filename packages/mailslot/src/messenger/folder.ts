import { type FSWatcher, lstatSync, mkdirSync, watch } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { MailslotError } from '../errors.js';
import { HISTORY_RECHECK_MS, HISTORY_SETTLE_MS } from '../limits.js';
import { userId } from '../msfs/space/user.js';
import { fromSystem } from '../msfs/system-error.js';
import type { Alarm, Clock } from '../ports/clock.js';

/**
 * Where the messenger of this user keeps its history and names, unless another folder is asked for:
 * `$XDG_STATE_HOME/mailslot/messenger`, `~/.local/state/mailslot/messenger`, `/var/lib/mailslot/messenger` for root,
 * `%LOCALAPPDATA%\mailslot\messenger` on Windows.
 */
export function messengerFolder(env: Readonly<Record<string, string | undefined>>): string {
  return resolve(stateHome(env), 'mailslot', 'messenger');
}

/** What to do about a disk that takes nothing more. */
export const ELSEWHERE: string =
  'free some of its disk, or keep it elsewhere: ' +
  `set ${process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_STATE_HOME'} to another folder`;

function stateHome(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  if (env['XDG_STATE_HOME']) return env['XDG_STATE_HOME'];
  return userId() === 0 ? '/var/lib' : join(env['HOME'] || homedir(), '.local', 'state');
}

/** As {@link fromSystem}, for what is kept here; the next step names another place for it. */
export function cannotKeep(error: unknown, what: string): MailslotError {
  if (error instanceof MailslotError) return error;
  const { code } = fromSystem(error, what);
  const reason = error instanceof Error ? error.message : String(error);
  return new MailslotError(code, `cannot ${what}: ${reason}; ${ELSEWHERE}`, { cause: error });
}

/** Makes the folder for this user alone, and refuses one that others may write in: what is read there is shown. */
export function ensureFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw cannotKeep(error, `make the messenger's folder ${folder}`);
  }
  if (process.platform === 'win32') return;
  const stats = lstatSync(folder);
  if (stats.isDirectory() && stats.uid === userId() && (stats.mode & 0o077) === 0) return;
  throw new MailslotError(
    'ERR_MAILSLOT_UNUSABLE_CONFIG',
    `the messenger's folder ${folder} is not this user's alone: run "chmod 700 ${folder}", or name another one`,
  );
}

/** Calls back soon after something in a folder changed, and now and then in case nobody tells; returns how to stop. */
export function watchFolder(folder: string, clock: Clock, callback: () => void): () => void {
  let soon: Alarm | undefined;
  let recheck: Alarm | undefined;
  const look = (): void => {
    soon = undefined;
    callback();
  };
  const lookLater = (): void => {
    recheck = clock.afterIdle(HISTORY_RECHECK_MS, () => {
      look();
      lookLater();
    });
  };
  lookLater();
  const watcher = watcherOf(folder, () => {
    soon ??= clock.afterIdle(HISTORY_SETTLE_MS, look);
  });
  return () => {
    soon?.cancel();
    recheck?.cancel();
    watcher?.close();
  };
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
