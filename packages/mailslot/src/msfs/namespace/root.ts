import { chmodSync, lstatSync, mkdirSync, readdirSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { MailslotError, type MailslotErrorDetails } from '../../errors.js';
import { absolute } from '../absolute.js';
import { invalid } from '../options.js';
import { fromSystem, systemCode } from '../system-error.js';
import type { Access } from './name-space.js';
import { ownRoot, usualRoot } from './own-root.js';
import { isOwn, isUnmapped, userId } from './user.js';

/** The root of a whole machine: whoever sets the machine up makes it, sticky like /tmp. */
export const MACHINE_ROOT = '/run/mailslot';

const ANOTHER = 'set MAILSLOT_ROOT to another folder';
/** Why a root cannot even be looked at. */
const UNSEEN: Readonly<Record<string, string>> = {
  EACCES: 'a folder on the way to it is closed to this user, or it is what another user has mounted',
  ENAMETOOLONG: 'its name is too long',
  ENOTCONN: 'a file system is mounted there whose server has ended',
};

const OTHERS_WRITE = 0o022;
/** Root enters every folder. */
const OWNER_MAY_ENTER = 0o100;
const STICKY = 0o1000;

/**
 * The folder of the MSFS: what was asked for, else `MAILSLOT_ROOT`, else {@link MACHINE_ROOT} if it exists,
 * else one of this user's own (see {@link ownRoot}). That is in the literal `/tmp`, not TMPDIR or XDG_RUNTIME_DIR: a
 * login shell, cron, sudo and a service of one user must all meet in it.
 */
export function chooseRoot(asked: string | undefined): string {
  if (asked !== undefined && (typeof asked !== 'string' || asked === '')) {
    throw invalid('root', 'the path of a folder', asked);
  }
  const root = asked ?? process.env['MAILSLOT_ROOT'];
  if (process.platform === 'win32') return root || '\\\\.\\pipe\\mailslot';
  if (root) return absolute(root, (reason, details) => unusable(root, reason, details));
  return statOf(MACHINE_ROOT) === undefined ? ownRoot() : MACHINE_ROOT;
}

/** The root folder that is used when none is named: see `CreateOptions.root`. */
export function mailslotRoot(): string {
  return chooseRoot(undefined);
}

/** Whose folder a root is; `undefined` where there are no owners, or no root. */
export function ownerOfRoot(root: string): number | undefined {
  return process.platform === 'win32' ? undefined : statOf(root)?.uid;
}

/** Whom a service of the root's owner must admit: all who may make slots in it. */
export function usersOfRoot(root: string): Access {
  const mode = process.platform === 'win32' ? 0 : (statOf(root)?.mode ?? 0);
  if ((mode & 0o002) !== 0) return 'everyone';
  return (mode & 0o020) !== 0 ? 'group' : 'owner';
}

/** Makes the root if it is missing (for this user alone, 0700) and checks that it is safe to use. */
export function ensureRoot(root: string): void {
  try {
    mkdirSync(root, { mode: 0o700 });
    // Whatever the umask took away.
    chmodSync(root, 0o700);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') {
      throw statOf(dirname(root)) === undefined
        ? unusable(root, 'its parent folder does not exist', { remedy: 'make it first' })
        : unusable(root, 'it cannot be made there', { remedy: 'set MAILSLOT_ROOT to another folder' });
    }
    if (code === 'ENOTDIR')
      throw unusable(root, 'a file is in the way to it', { remedy: 'set MAILSLOT_ROOT to another folder' });
    if (code === 'EACCES' || code === 'EPERM') {
      throw unusable(root, `uid ${userId()} may not make it`, {
        cause: error,
        remedy: `set MAILSLOT_ROOT to another folder`,
      });
    }
    const unseen = UNSEEN[code ?? ''];
    if (unseen !== undefined) throw unusable(root, `${unseen}`, { cause: error, remedy: `${ANOTHER}` });
    if (code !== 'EEXIST') throw fromSystem(error, `make the root ${root}`);
  }
  if (!checkRoot(root)) throw unusable(root, 'it vanished while it was being used', { remedy: 'try again' });
}

/**
 * Whether the root is there.
 *
 * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_ROOT` when it is there but others could tamper with it.
 */
export function checkRoot(root: string): boolean {
  const stats = statOf(root);
  if (stats === undefined) return false;
  if (stats.isSymbolicLink()) {
    throw unusable(root, 'it is a symbolic link, which could be turned elsewhere', {
      remedy: 'name the folder itself',
    });
  }
  if (!stats.isDirectory())
    throw unusable(root, 'it is not a folder', { remedy: 'remove it or set MAILSLOT_ROOT to another' });
  if (!isTrusted(root, stats)) throw notYours(root, stats);
  if (userId() !== 0 && isOwn(stats.uid) && (stats.mode & OWNER_MAY_ENTER) === 0) {
    throw unusable(root, `you may not enter it (mode ${modeText(stats)})`, {
      remedy: `run "chmod u+rwx ${root}"`,
    });
  }
  if ((stats.mode & OTHERS_WRITE) !== 0 && !isSticky(stats)) {
    const remedy = isOwn(stats.uid)
      ? `run "chmod 700 ${root}" to keep it yours, or "chmod 1777 ${root}" to share it`
      : `have its owner, uid ${stats.uid}, run "chmod 1777 ${root}", or set MAILSLOT_ROOT to a folder of yours`;
    throw unusable(root, `others may write in it (mode ${modeText(stats)})`, { remedy: `${remedy}` });
  }
  return true;
}

/** Who owns a root can do anything with what is in it: that must be us, or root. */
function isTrusted(root: string, stats: Stats): boolean {
  // Who owns /run is trusted with what is in it.
  if (isOwn(stats.uid) || stats.uid === 0 || root === MACHINE_ROOT) return true;
  // In a container its host's root has no number. A root that was named on purpose is most likely that one's; the usual
  // one of a user anybody could have made.
  return isUnmapped(stats.uid) && isSticky(stats) && root !== usualRoot();
}

function notYours(root: string, { uid }: Stats): MailslotError {
  if (isUnmapped(userId())) {
    const who = `uid ${uid}, which stands for every user whom this user namespace does not know, you too`;
    return unusable(root, `it belongs to ${who}`, {
      remedy: 'run this as another user, or set MAILSLOT_ROOT to a folder with mode 1777',
    });
  }
  const whose = isUnmapped(uid) ? 'a user whom this user namespace does not know' : `uid ${uid}`;
  const remedy = root === usualRoot() ? `have root remove it ("rm -r ${root}"), or ` : '';
  return unusable(root, `it belongs to ${whose}, not to you`, {
    remedy: `${remedy}set MAILSLOT_ROOT to a folder of yours`,
  });
}

function isSticky({ mode }: Stats): boolean {
  return (mode & STICKY) !== 0;
}

/** What is in the root. */
export function entriesOf(root: string): string[] {
  try {
    return readdirSync(root);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT')
      throw unusable(root, 'it vanished while it was being used', { cause: error, remedy: 'try again' });
    if (code === 'EACCES')
      throw unusable(root, `uid ${userId()} may not read it`, { cause: error, remedy: `${ANOTHER}` });
    throw fromSystem(error, `read the root ${root}`);
  }
}

export function unusable(root: string, reason: string, details: MailslotErrorDetails = {}): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_UNUSABLE_ROOT',
    `the root ${root} cannot be used: ${reason}`,
    details,
  );
}

function modeText(stats: Stats): string {
  return (stats.mode & 0o7777).toString(8).padStart(4, '0');
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'ENOTDIR') return undefined;
    throw unusable(path, `${UNSEEN[code] ?? `it cannot be looked at (${code})`}`, {
      cause: error,
      remedy: `${ANOTHER}`,
    });
  }
}
