import { MailslotError } from '../errors.js';
import { isForAnother } from '../msfs/namespace/accounts.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import type { SlotFinder } from '../msfs/namespace/name-space.js';
import { probe } from '../msfs/namespace/probe.js';
import { isOwn, userId } from '../msfs/namespace/user.js';
import { scopeOf } from '../msfs/options.js';
import { slotOf } from '../name/people.js';
import { parseName } from '../name/slot-name.js';
import { realPorts } from '../ports/ports.js';
import { messengerFolder } from './folder.js';
import { ownMemberSlots } from './members.js';
import { EVERYBODY, messengerName } from './name.js';
import { type NameEntry, type NameKind, taken } from './names.js';
import { changeAliases, readAliases } from './names-file.js';
import { isForAll } from './sending.js';
import { computerOf, ownUser } from './settings.js';
import type { Context } from './slots.js';
import { squatterOf } from './squatter.js';
import { hasSomebody, newId } from './who.js';

/** Whose names. */
export interface NamesOptions {
  /** Folder of the MSFS; see `CreateOptions.root`. */
  readonly root?: string | undefined;
  /** Where the names are kept: `MessengerOptions.history`. */
  readonly history?: string | undefined;
  /** Default: as configured, else the host's name. */
  readonly computer?: string | undefined;
  /** Default: the name of the user whose process this is. */
  readonly user?: string | undefined;
}

/**
 * The names that this user's messenger has, or would have if it ran. `yours`: one of this user's messengers has it now,
 * `taken`: another user of this computer, `free`: nobody does here.
 */
export async function listNames(options: NamesOptions = {}): Promise<NameEntry[]> {
  const aliases = readAliases(folderOf(options));
  const names: [string, NameKind][] = [
    [computerOf(options.computer), 'computer'],
    [userOf(options), 'user'],
    ...aliases.map((name): [string, NameKind] => [name, 'alias']),
    [EVERYBODY, 'everybody'],
  ];
  const kinds = new Map(names.reverse());
  const entries = [...kinds].map(async ([name, kind]): Promise<NameEntry> => {
    const state = await stateOf(name, options);
    const squatter = state === 'taken' ? await squatterOf(name, { root: options.root }) : undefined;
    return { name, kind, state, ...(squatter !== undefined && { squatter }) };
  });
  return (await Promise.all(entries)).reverse();
}

/**
 * Adds an alias to those that are kept; a messenger that runs takes it, one that is started later too. Asks all computers of
 * the domain first, which takes half a second.
 *
 * Rejects with `ERR_MAILSLOT_ALREADY_EXISTS` when somebody has the name, `ERR_MAILSLOT_INVALID_ARGUMENT`,
 * `ERR_MAILSLOT_NO_RESOURCES` beyond 32 aliases.
 */
export async function addName(name: string, options: NamesOptions = {}): Promise<void> {
  const alias = messengerName(name);
  refuseOwn(alias, { computer: computerOf(options.computer), user: userOf(options) });
  const folder = folderOf(options);
  if (readAliases(folder).includes(alias)) return;
  const ports = realPorts;
  const question = {
    id: newId(ports.random),
    name: alias,
    from: userOf(options),
    lost: new AbortController().signal,
  };
  const isTaken =
    (await stateOf(alias, options)) !== 'free' || (await hasSomebody(question, aroundOf(options)));
  if (isTaken) throw taken(alias);
  changeAliases(folder, ports.clock, (aliases) => [...aliases, alias]);
}

/** Takes an alias from those that are kept; a messenger that runs gives it back. Rejects with `ERR_MAILSLOT_NOT_FOUND`. */
export async function removeName(name: string, options: NamesOptions = {}): Promise<void> {
  const alias = messengerName(name);
  const folder = folderOf(options);
  if (!readAliases(folder).includes(alias)) throw noAlias(alias);
  changeAliases(folder, realPorts.clock, (aliases) => aliases.filter((each) => each !== alias));
}

/** Throws `ERR_MAILSLOT_ALREADY_EXISTS` for a name that needs not be added. */
export function refuseOwn(name: string, { user, computer }: { user: string; computer: string }): void {
  if (name !== user && name !== computer) return;
  const whose = name === user ? 'your own' : "this computer's";
  throw new MailslotError(
    'ERR_MAILSLOT_ALREADY_EXISTS',
    `${name} is ${whose} name: your messenger has it without being told`,
    { remedy: 'add another one' },
  );
}

export function noAlias(name: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_NOT_FOUND',
    `${name} is no name that can be removed: "mailslot names" shows which there are; ` +
      "the computer's and the user's stay",
  );
}

async function stateOf(name: string, options: NamesOptions): Promise<NameEntry['state']> {
  const slots = findSlots(options.root);
  if (await isForAll(name, aroundOf(options))) {
    const signs = await Promise.all(ownMemberSlots(slots).map((path) => isAlive(path, slots)));
    return signs.includes(true) ? 'yours' : 'free';
  }
  if (await isForAnother(slots.root, slotOf(name), userId())) return 'taken';
  if (!(await isAlive(slotOf(name), slots))) return 'free';
  const path = slots.locate(parseName(slotOf(name)));
  const seen = path === undefined ? undefined : slots.lookAt(path);
  if (seen === undefined) return 'free';
  const isOurs = process.platform === 'win32' || (seen.owner !== undefined && isOwn(seen.owner));
  return isOurs ? 'yours' : 'taken';
}

async function isAlive(path: string, slots: SlotFinder): Promise<boolean> {
  const place = slots.locate(parseName(path));
  const sign = place === undefined ? 'gone' : await probe(place, realPorts.clock);
  return sign !== 'dead' && sign !== 'gone';
}

function aroundOf({ root, computer }: NamesOptions): Context {
  return {
    ...{ root, scope: scopeOf(undefined), ports: realPorts, feedLog: { warn() {} } },
    computer: () => computerOf(computer),
  };
}

function userOf({ user }: NamesOptions): string {
  return user === undefined ? ownUser() : messengerName(user);
}

function folderOf({ history }: NamesOptions): string {
  return history ?? messengerFolder(process.env);
}
