import { lutimesSync, opendirSync, readFileSync, watch } from 'node:fs';
import { MailslotError } from '../../errors.js';
import { MAX_FOLDER_ENTRIES } from '../../limits.js';
import { formatName, type SlotName } from '../../name/slot-name.js';
import { fromSystem, systemCode } from '../system-error.js';
import { folderOfSocket } from './clear.js';
import { lookAtEntry, mounterOf } from './entry.js';
import { hashKey } from './hash.js';
import type { ListedPlace, Sighting, SlotFinder } from './name-space.js';
import { checkRoot, ensureRoot, entriesOf } from './root.js';
import { isUnmapped } from './user.js';

/** Finds slots in a root that is a folder; see `folder-space.ts` for what is in it. */
export function folderFinder(root: string): SlotFinder {
  return {
    root,
    locate: (name) => (checkRoot(root) ? socketIn(folderOf(root, name), formatName(name)) : undefined),
    list: () => (checkRoot(root) ? slotFolders(root).flatMap(listed) : []),
    lookAt: (path) => sighting(folderOfSocket(path)),
    lookFor: (name) => sighting(folderOf(root, name)),
    isPlaceOf: (name, path) => folderOfSocket(path) === folderOf(root, name),
    // Not through a link, which could lead to another slot of this user.
    mark: (name, seconds) => lutimesSync(folderOf(root, name), seconds, seconds),
    markOf(name) {
      const stats = lookAtEntry(folderOf(root, name));
      if (stats) return stats.mtimeMs / 1000;
      throw new MailslotError('ERR_MAILSLOT_NOT_FOUND', `no mailslot ${formatName(name)} in ${root}`);
    },
    watch(callback) {
      ensureRoot(root);
      return watchFolder(root, callback);
    },
  };
}

export function folderOf(root: string, name: SlotName): string {
  return `${root}/${hashKey(name.key)}`;
}

/** A link is no place of a slot: it is its owner's, and what it leads to somebody else's. */
function sighting(folder: string): Sighting | undefined {
  const stats = lookAtEntry(folder);
  if (!stats?.isDirectory()) return undefined;
  const { dev, ino, uid } = stats;
  return { owner: isUnmapped(uid) ? undefined : uid, identity: `${dev} ${ino} ${uid}` };
}

/** The slot's socket, whose name only a look into its folder tells. */
export function socketIn(folder: string, shownName: string): string | undefined {
  try {
    const socket = socketEntry(folder);
    return socket === undefined ? undefined : `${folder}/${socket}`;
  } catch (error) {
    const code = systemCode(error);
    // No folder, or a link that leads nowhere.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    // What cannot even be looked at says why; of a root that is closed to us that is not this entry's fault.
    if (code !== 'EACCES' || mounterOf(folder) !== undefined) lookAtEntry(folder);
    if (code !== 'EACCES') throw fromSystem(error, `open the mailslot ${shownName}`);
    throw new MailslotError(
      'ERR_MAILSLOT_ACCESS_DENIED',
      `the mailslot ${shownName} belongs to ${ownerText(folder)}, who did not admit you`,
      { cause: error, remedy: "it must be created with access 'group' or 'everyone'" },
    );
  }
}

/** Whatever else somebody put there, as file managers do, is no socket of ours. */
function socketEntry(folder: string): string | undefined {
  const entries = opendirSync(folder);
  try {
    for (let seen = 0; seen < MAX_FOLDER_ENTRIES; seen += 1) {
      const entry = entries.readSync();
      if (entry === null || SOCKET.test(entry.name)) return entry?.name;
    }
    return undefined;
  } finally {
    entries.closeSync();
  }
}

/** As `uid 1000 (alice)`. Asked only when something has gone wrong. */
export function ownerText(folder: string): string {
  let uid: number | undefined;
  try {
    uid = mounterOf(folder) ?? lookAtEntry(folder)?.uid;
    const line = readFileSync('/etc/passwd', 'latin1').match(new RegExp(`^([^:]+):[^:]*:${uid}:`, 'm'));
    if (line) return `uid ${uid} (${line[1]})`;
  } catch {
    // The folder may be out of sight, and users may live elsewhere than in that file.
  }
  return uid === undefined ? 'another user' : `uid ${uid}`;
}

const SOCKET = /^[0-9a-f]{16}$/;
const SLOT_FOLDER = /^[0-9a-f]{32}$/;

function slotFolders(root: string): string[] {
  return entriesOf(root)
    .filter((entry) => SLOT_FOLDER.test(entry))
    .map((entry) => `${root}/${entry}`);
}

function listed(folder: string): ListedPlace[] {
  try {
    const seen = sighting(folder);
    return seen ? [{ owner: seen.owner, find: () => socketIn(folder, folder) }] : [];
  } catch (error) {
    // One that cannot be looked at is told as one, in its turn, and is in nobody's way.
    const refuse = (): never => {
      throw error;
    };
    return [{ owner: mounterOf(folder), find: refuse }];
  }
}

function watchFolder(root: string, callback: () => void): () => void {
  try {
    // Whoever waits holds the process by its re-checks, or means not to.
    const watcher = watch(root, { persistent: false }, () => callback());
    // A watch that fails (its folder vanished, too many watches) leaves the caller its own re-checks.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
