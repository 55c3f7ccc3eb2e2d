import { chmodSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import type { Server } from 'node:net';
import { SOCKET_PATH_LINUX, SOCKET_PATH_OTHER, STALE_PLACE_MS } from '../../limits.js';
import type { Clock } from '../../ports/clock.js';
import type { Random } from '../../ports/random.js';
import { fromSystem, systemCode } from '../system-error.js';
import { clearAway, isOurs } from './clear.js';
import { lookAtEntry, mountText, unmountText } from './entry.js';
import { listenAt } from './listen.js';
import type { Access } from './name-space.js';
import { probe } from './probe.js';
import { entriesOf, unusable } from './root.js';
import { userId } from './user.js';

/** A slot's folder before it is in its place: its socket is bound and listening. */
export interface Draft {
  readonly folder: string;
  /** Name of the socket in the folder; nobody uses it a second time. */
  readonly socket: string;
}

const DRAFT = '.new-';
const SOCKET_BYTES = 8;
const SET_GROUP = 0o2000;

/** Modes are set, not left to the umask: folder, then socket. Who may not enter the folder cannot connect. */
const MODES: Readonly<Record<Access, readonly [number, number]>> = {
  owner: [0o700, 0o600],
  group: [0o750, 0o660],
  everyone: [0o755, 0o666],
};

/** Names that nobody uses a second time. */
function nextDraft(root: string, random: Random): Draft {
  const socket = Buffer.from(random.bytes(SOCKET_BYTES)).toString('hex');
  return { folder: `${root}/${DRAFT}${socket}`, socket };
}

export async function makeDraft(
  root: string,
  access: Access,
  server: Server,
  random: Random,
): Promise<Draft> {
  const draft = nextDraft(root, random);
  const { socket } = draft;
  const [folderMode, socketMode] = MODES[access];
  try {
    mkdirSync(draft.folder, { mode: 0o700 });
    setMode(draft.folder, 0o700);
    await listenAt(server, `${draft.folder}/${socket}`, access === 'everyone');
    chmodSync(`${draft.folder}/${socket}`, socketMode);
    setMode(draft.folder, folderMode);
    return draft;
  } catch (error) {
    discardDraft(draft);
    server.close();
    if (systemCode(error) === 'ENOENT')
      throw unusable(root, 'it vanished while it was being used', { cause: error, remedy: 'try again' });
    if (systemCode(error) === 'EPERM') {
      throw unusable(root, 'the system lets nobody write in it, as where it is immutable (chattr +i)', {
        cause: error,
        remedy: 'set MAILSLOT_ROOT to another folder',
      });
    }
    if (systemCode(error) === 'EACCES') {
      throw unusable(root, `uid ${userId()} may not write in it`, {
        cause: error,
        remedy: `a shared root has mode 1777`,
      });
    }
    throw fromSystem(error, `make a slot in ${root}`);
  }
}

/** In a root for a group a folder has inherited that what is made in it belongs to the group, which `chmod` would undo. */
function setMode(folder: string, mode: number): void {
  chmodSync(folder, (lstatSync(folder).mode & SET_GROUP) | mode);
}

/** Refuses a root in which a slot's path, which is longer than a draft's, would be cut by Node 20 without a word. */
export function checkPathLength(root: string): void {
  const path = `${root}/${'0'.repeat(32)}/${'0'.repeat(2 * SOCKET_BYTES)}`;
  const longest = process.platform === 'linux' ? SOCKET_PATH_LINUX : SOCKET_PATH_OTHER;
  const excess = Buffer.byteLength(path) - longest;
  if (excess <= 0) return;
  const allowed = Buffer.byteLength(root) - excess;
  throw unusable(root, `its path is too long for a socket`, {
    remedy: `it may have ${allowed} bytes, set MAILSLOT_ROOT to a shorter one`,
  });
}

/**
 * Puts a draft in its place, which works only where nothing or an empty folder is: `occupied` by a slot of our
 * own user's, living or dead, or by something `foreign` that the sticky bit forbids to replace, or that is `mounted`.
 */
export function publishDraft(draft: Draft, folder: string): 'published' | 'occupied' | 'foreign' | 'mounted' {
  try {
    renameSync(draft.folder, folder);
    return 'published';
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return 'occupied';
    if (code === 'EPERM' || code === 'EACCES') return 'foreign';
    if (code === 'EBUSY') return 'mounted';
    const root = folder.slice(0, folder.lastIndexOf('/'));
    if (code === 'ENOENT')
      throw unusable(root, 'it vanished while it was being used', { cause: error, remedy: 'try again' });
    if (code === 'ENOTDIR')
      throw unusable(root, `${folder} is in the way and no folder`, { cause: error, remedy: `remove it` });
    throw fromSystem(error, `make a slot in ${root}`);
  }
}

/** Moves what another user has put somewhere out of the way, unless it is gone already. */
export function moveAway(folder: string, root: string, random: Random): void {
  try {
    renameSync(folder, nextDraft(root, random).folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return;
    if (code === 'EBUSY')
      throw unusable(root, `${mountText(folder)}`, { cause: error, remedy: `${unmountText(folder)}` });
    throw unusable(root, `${folder} cannot be moved out of the way (${code})`, { cause: error });
  }
}

/** Removes what there is of a draft; what cannot be removed now is swept later. */
export function discardDraft({ folder, socket }: Draft): void {
  try {
    clearAway(`${folder}/${socket}`);
  } catch {
    // Whatever was to be made, that it was not is what is told.
  }
}

/** Removes drafts of this user that killed processes left: old, and nobody listens in them. */
export async function sweepDrafts(root: string, clock: Clock): Promise<void> {
  const drafts = entriesOf(root).filter((entry) => entry.startsWith(DRAFT));
  for (const entry of drafts) {
    const folder = `${root}/${entry}`;
    const socket = entry.slice(DRAFT.length);
    if (!isStale(folder, clock)) continue;
    if ((await probe(`${folder}/${socket}`, clock)) !== 'alive') discardDraft({ folder, socket });
  }
}

function isStale(folder: string, clock: Clock): boolean {
  try {
    const stats = lookAtEntry(folder);
    return stats !== undefined && isOurs(stats) && clock.now() - stats.mtimeMs >= STALE_PLACE_MS;
  } catch {
    // What cannot be looked at is somebody else's.
    return false;
  }
}
