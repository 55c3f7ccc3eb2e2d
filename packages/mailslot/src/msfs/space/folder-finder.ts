import { lstatSync, readdirSync, readFileSync, utimesSync, watch } from 'node:fs';
import { MailslotError } from '../../errors.js';
import { formatName, type SlotName } from '../../name/slot-name.js';
import { fromSystem, systemCode } from '../system-error.js';
import { hashKey } from './hash.js';
import type { SlotFinder } from './name-space.js';
import { checkRoot, ensureRoot, entriesOf } from './root.js';

/** Finds slots in a root that is a folder; see `folder-space.ts` for what is in it. */
export function folderFinder(root: string): SlotFinder {
  return {
    root,
    locate: (name) => (checkRoot(root) ? socketIn(folderOf(root, name), formatName(name)) : undefined),
    list: () => (checkRoot(root) ? slotFolders(root).flatMap((folder) => listedSocket(folder) ?? []) : []),
    ownerOf: (path) => lstatSync(folderOfSocket(path), { throwIfNoEntry: false })?.uid ?? -1,
    mark: (name, seconds) => utimesSync(folderOf(root, name), seconds, seconds),
    markOf(name) {
      const stats = lstatSync(folderOf(root, name), { throwIfNoEntry: false });
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

export function folderOfSocket(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The slot's socket, whose name only a look into its folder tells. */
export function socketIn(folder: string, shownName: string): string | undefined {
  try {
    // Whatever else somebody put there, as file managers do, is no socket of ours.
    const socket = readdirSync(folder).find((entry) => SOCKET.test(entry));
    return socket === undefined ? undefined : `${folder}/${socket}`;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (systemCode(error) !== 'EACCES') throw fromSystem(error, `open the mailslot ${shownName}`);
    throw new MailslotError(
      'ERR_MAILSLOT_ACCESS_DENIED',
      `the mailslot ${shownName} belongs to ${ownerText(folder)}, who did not admit you; ` +
        "it must be created with access 'group' or 'everyone'",
      { cause: error },
    );
  }
}

/** As `uid 1000 (alice)`. Asked only when something has gone wrong. */
export function ownerText(folder: string): string {
  let uid: number | undefined;
  try {
    uid = lstatSync(folder).uid;
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

/** A folder that may not be read is listed too, so that its owner can be told. */
function listedSocket(folder: string): string | undefined {
  try {
    return socketIn(folder, folder);
  } catch {
    return `${folder}/-`;
  }
}

function watchFolder(root: string, callback: () => void): () => void {
  try {
    const watcher = watch(root, () => callback());
    // A watch that fails (its folder vanished, too many watches) leaves the caller its own re-checks.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
