import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { MailslotError } from '../../errors.js';
import { systemCode } from '../system-error.js';

/**
 * One look at what somebody has put into a folder that is shared, which follows no link. `undefined`: nothing is there.
 *
 * A file system that another user has mounted there refuses to be looked at, also to root, with whatever error it likes.
 * That is trouble of this one entry, never of those beside it: ERR_MAILSLOT_IO tells which it is, and what to do.
 */
export function lookAtEntry(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return undefined;
    throw new MailslotError(
      'ERR_MAILSLOT_IO',
      `${path} cannot be looked at (${systemCode(error)}), ${reasonOf(path)}`,
      { cause: error },
    );
  }
}

/** Not every disk that fails is somebody's mount. */
function reasonOf(path: string): string {
  return mounterOf(path) === undefined
    ? `as where a file system is mounted that does not answer; if one is, ${unmountText(path)}`
    : `since ${mountText(path)}; ${unmountText(path)}`;
}

/** What to do about something that is in the way and that only the system's administrator can take away. */
export function unmountText(path: string): string {
  return `have root run "umount ${path}"`;
}

/** Whose it is, as far as the system tells: it lists what is mounted without asking that. */
export function mountText(path: string): string {
  const uid = mounterOf(path);
  const who = uid === undefined ? 'somebody' : `uid ${uid}`;
  return `${who} has mounted a file system at ${path}`;
}

/** The user who serves the file system that is mounted at `path`; `undefined`: there is none, or it is not known. */
export function mounterOf(path: string): number | undefined {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const line = lines.findLast((each) => unescaped(each.split(' ')[4] ?? '') === path);
    const uid = line?.match(/[ ,]user_id=(\d+)/)?.[1];
    return uid === undefined ? undefined : Number(uid);
  } catch {
    // Away from Linux.
    return undefined;
  }
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
