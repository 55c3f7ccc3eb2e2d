import { lstatSync, lutimesSync, type Stats } from 'node:fs';
import type { Server } from 'node:net';
import { MailslotError } from '../../errors.js';
import { CLAIM_ROUNDS } from '../../limits.js';
import { formatName, type SlotName } from '../../name/slot-name.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { Ports } from '../../ports/ports.js';
import { clearAway, standingOf } from './clear.js';
import {
  checkPathLength,
  type Draft,
  discardDraft,
  makeDraft,
  moveAway,
  publishDraft,
  sweepDrafts,
} from './draft.js';
import { mounterOf, mountText, unmountText } from './entry.js';
import { folderFinder, folderOf, ownerText, socketIn } from './folder-finder.js';
import type { Access, NameSpace, Place } from './name-space.js';
import { probe } from './probe.js';
import { ensureRoot, MACHINE_ROOT, unusable } from './root.js';

/**
 * The name space as a folder, on systems with unix sockets.
 *
 *     /run/mailslot/                          the root
 *       5f0c…32 digits…/                      a slot: its folder, named by the hash of its name
 *         9d3a61c04e7b2f18                    its socket, under a name that is never used again
 *       .new-9d3a61c04e7b2f18/                a slot that is being made
 *
 * A socket is bound and listening in a fresh folder before `rename` puts that folder in the slot's place, which
 * the system does only if nothing or an *empty* folder is there: of all who race one wins, without a lock. What a
 * killed process left is cleared away only after it refused a connection, by its own unrepeated name, and in a folder
 * of our own, so that nobody can ever remove a successor's socket, nor have us remove anybody's.
 */
export function folderSpace(root: string, ports: Ports): NameSpace {
  return {
    ...folderFinder(root),
    claim: (name, access, server) => claimed(root, name, access, server, ports, takeFolder),
    takeBack(name, access, server) {
      const evict = (folder: string): void => moveAway(folder, root, ports.random);
      return claimed(root, name, access, server, ports, (...what) => takeFolderBack(evict, ...what));
    },
    clear: (path) => clearDead(path, ports.clock),
  };
}

async function claimed(
  root: string,
  name: SlotName,
  access: Access,
  server: Server,
  ports: Ports,
  take: typeof takeFolder,
): Promise<Place> {
  checkPathLength(root);
  ensureRoot(root);
  warnIfClosedTo(access, root, ports.log);
  if (!sweptRoots.has(root)) await sweepDrafts(root, ports.clock);
  sweptRoots.add(root);
  const draft = await makeDraft(root, access, server, ports.random);
  try {
    const folder = folderOf(root, name);
    await take(draft, folder, name, ports.clock);
    return placeAt(folder, draft.socket, ports.clock);
  } catch (error) {
    discardDraft(draft);
    server.close();
    throw error;
  }
}

/** Roots that this process has swept: once is enough, and looking costs as much as there are slots. */
const sweptRoots = new Set<string>();

/** A slot for others in a root that keeps others out would wait for them in vain. */
function warnIfClosedTo(access: Access, root: string, log: Log): void {
  if (access === 'owner') return;
  const mode = lstatSync(root, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & (access === 'group' ? 0o010 : 0o001)) !== 0) return;
  log.warn(
    `access '${access}' admits nobody in the root ${root}, which others may not enter; ` +
      `use one for the whole machine ("mkdir -m 1777 ${MACHINE_ROOT}" as root) or set its mode`,
  );
}

/** Puts the draft in the slot's place; each round either wins, finds a living owner, or clears away a dead one. */
async function takeFolder(draft: Draft, folder: string, name: SlotName, clock: Clock): Promise<void> {
  for (let round = 0; round < CLAIM_ROUNDS; round += 1) {
    const outcome = publishDraft(draft, folder);
    if (outcome === 'published') return;
    if (outcome === 'mounted') throw mounted(folder, name);
    const path = outcome === 'occupied' ? socketIn(folder, formatName(name)) : foreignSocket(folder);
    if (path === undefined) continue;
    const sign = await probe(path, clock);
    if (sign === 'alive') throw alreadyExists(folder, name);
    const standing = sign === 'dead' ? clearAway(path) : standingOf(folder);
    if (standing === 'foreign') throw foreign(folder, name, sign === 'dead');
  }
  // Others who race for the name would have made one of us win long ago.
  const root = folder.slice(0, folder.lastIndexOf('/'));
  throw unusable(root, `what is in ${folder} is no slot and in the way of ${formatName(name)}`, {
    remedy: `remove that folder`,
  });
}

/**
 * Puts the draft in a place from which whatever is another user's goes first. Between the two is no wait, so that who
 * puts something there again and again cannot keep us out.
 */
async function takeFolderBack(
  evict: (folder: string) => void,
  draft: Draft,
  folder: string,
  name: SlotName,
  clock: Clock,
): Promise<void> {
  for (let round = 1; ; round += 1) {
    if (standingOf(folder) === 'foreign') evict(folder);
    try {
      return await takeFolder(draft, folder, name, clock);
    } catch (error) {
      if (standingOf(folder) === 'ours' || round === CLAIM_ROUNDS) throw error;
    }
  }
}

/** Clears a slot away if it is ours and refuses to be connected to. */
async function clearDead(path: string, clock: Clock): Promise<void> {
  if ((await probe(path, clock)) === 'dead') clearAway(path);
}

function alreadyExists(folder: string, name: SlotName): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_ALREADY_EXISTS',
    `the mailslot ${formatName(name)} already exists: a living process of ${ownerText(folder)} has the name`,
    { remedy: 'choose another, or close the slot there' },
  );
}

function foreign(folder: string, name: SlotName, dead: boolean): MailslotError {
  // Who may not replace a folder is not told that something is mounted there.
  if (mounterOf(folder) !== undefined) return mounted(folder, name);
  const owner = ownerText(folder);
  // Who may not connect cannot see whether somebody lives there: it must not be told to remove it.
  const state = dead
    ? `is what a crash of ${owner}'s process left: ` +
      `only ${owner} can clear it away, by creating the slot again, or root with "rm -r ${folder}"`
    : `is in use by, or left over from, ${owner}; choose another name`;
  return new MailslotError('ERR_MAILSLOT_ACCESS_DENIED', `the name ${formatName(name)} ${state}`);
}

function mounted(folder: string, name: SlotName): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_ACCESS_DENIED',
    `the name ${formatName(name)} is not free: ${mountText(folder)}`,
    { remedy: unmountText(folder) },
  );
}

function foreignSocket(folder: string): string {
  try {
    return socketIn(folder, folder) ?? `${folder}/-`;
  } catch {
    return `${folder}/-`;
  }
}

function placeAt(folder: string, socket: string, clock: Clock): Place {
  const path = `${folder}/${socket}`;
  const isSame = sameAs(lstatSync(folder));
  return {
    check() {
      try {
        if (!isSame(lstatSync(folder))) return false;
        // Cleaners of /tmp remove what nobody touched for days.
        const seconds = clock.now() / 1000;
        lutimesSync(path, seconds, seconds);
        lutimesSync(folder, seconds, seconds);
        return true;
      } catch {
        return false;
      }
    },
    release: () => void clearAway(path),
  };
}

function sameAs({ dev, ino }: Stats): (now: Stats) => boolean {
  return (now) => now.dev === dev && now.ino === ino;
}
