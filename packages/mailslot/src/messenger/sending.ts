import { callForth } from '../api/open.js';
import { loadConfig } from '../config/config.js';
import { callRedirector } from '../daemon-client/ask.js';
import { MailslotError } from '../errors.js';
import { DELIVERY_MS, GREETING_MS } from '../limits.js';
import { reachSlot } from '../msfs/client/reach.js';
import { sendOnce } from '../msfs/client/send.js';
import { accountsCalled, isForAnother } from '../msfs/namespace/accounts.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { ownerOfRoot, usersOfRoot } from '../msfs/namespace/root.js';
import { isOwn } from '../msfs/namespace/user.js';
import { slotOf } from '../name/people.js';
import { parseName } from '../name/slot-name.js';
import { upperCase } from '../name/upper-case.js';
import { inTime } from './deliveries.js';
import { memberSlots } from './members.js';
import { EVERYBODY, isComputer } from './name.js';
import { type Context, rootOf } from './slots.js';

/** Whom something is for. */
export interface Destination {
  /** A messenger name or `*`. */
  readonly to: string;
  /** `undefined`: the primary one. */
  readonly domain: string | undefined;
}

/** How far something went: to the domain; to this computer alone, in no domain; to it alone, since nothing leads to others. */
export type Reached = 'domain' | 'here' | 'cut-off';

/**
 * Hands a body to everybody who may have the name; resolves with how far it went.
 *
 * Rejects with `ERR_MAILSLOT_NOT_FOUND` when nobody here has the name and there is nobody else, or for a domain that this
 * computer is not in, with `ERR_MAILSLOT_BAD_NETPATH` when nothing leads to others and nobody here has it, as `openMailslot` does,
 * and with the signal's reason.
 */
export async function sendTo(
  { to, domain }: Destination,
  body: Uint8Array,
  around: Context,
  signal?: AbortSignal,
): Promise<Reached> {
  const name = parseName(`//${domain ?? '*'}/mailslot/${slotOf(to)}`);
  if (domain !== undefined && domain !== '*') await refuseStrange(domain, around, signal);
  try {
    const connection = await callForth(name, { root: around.root, scope: around.scope, signal });
    await sendOnce(connection, body, signal, around.ports.clock);
    return 'domain';
  } catch (error) {
    const isCutOff = codeOf(error) === 'ERR_MAILSLOT_BAD_NETPATH';
    const isAlone = domain === undefined && codeOf(error) === 'ERR_MAILSLOT_REMOTE_DISABLED';
    if (!isCutOff && !isAlone) throw error;
    const isToAll = await isForAll(to, around);
    const sent = isToAll ? sendToAll(body, around, signal) : sendToOne(slotOf(to), body, around, signal);
    await sent.catch((cause: unknown) => {
      if (codeOf(cause) !== 'ERR_MAILSLOT_NOT_FOUND') throw cause;
      throw isCutOff ? error : nobody(to, findSlots(around.root).root, cause);
    });
    return isCutOff ? 'cut-off' : 'here';
  }
}

/** Hands an answer to the slot that was asked for, on the computer that asked (`undefined`: this one). Rejects as {@link sendTo}. */
export async function sendBack(
  { computer, reply }: { readonly computer: string | undefined; readonly reply: string },
  body: Uint8Array,
  around: Context,
  signal: AbortSignal,
): Promise<void> {
  if (computer === undefined) return sendHere(reply, body, around, signal);
  if (!isComputer(computer)) return;
  const name = parseName(`//${computer}/mailslot/${reply}`);
  const connection = await callForth(name, { root: around.root, scope: around.scope, signal });
  await sendOnce(connection, body, signal, around.ports.clock);
}

/** Writes to a slot of this computer, unless whoever made it is not whom its name says. */
export async function sendHere(
  path: string,
  body: Uint8Array,
  { root, ports }: Context,
  signal?: AbortSignal,
): Promise<void> {
  const [name, slots] = [parseName(path), findSlots(root)];
  const connection = await reachSlot(name, slots, { signal }, ports);
  if (await isForAnother(slots.root, path, connection.owner)) {
    connection.socket.destroy();
    throw impostor(path, connection.owner);
  }
  await sendOnce(connection, body, signal, ports.clock);
}

/**
 * Whether what is for this name is for all people of this computer: for everybody, and for the computer itself, unless an
 * account of a root that several users share has that name.
 */
export async function isForAll(name: string, around: Context): Promise<boolean> {
  if (name === EVERYBODY) return true;
  if (name !== around.computer()) return false;
  return usersOfRoot(rootOf(around)) === 'owner' || (await accountsCalled(name)).length === 0;
}

/** Whoever has the slot may be another user, who does not answer for ever. */
function sendToOne(path: string, body: Uint8Array, around: Context, signal?: AbortSignal): Promise<void> {
  const send = (inTime: AbortSignal): Promise<void> => sendHere(path, body, around, inTime);
  return inTime(send, GREETING_MS, around.ports.clock, signal);
}

/** Hands a body to all messengers of this computer; nobody waits for one that does not take it for longer than 2 s. */
async function sendToAll(body: Uint8Array, around: Context, signal?: AbortSignal): Promise<void> {
  const paths = memberSlots(findSlots(around.root));
  const { clock } = around.ports;
  const outcomes = await Promise.allSettled(
    paths.map((path) => inTime((each) => sendHere(path, body, around, each), DELIVERY_MS, clock, signal)),
  );
  signal?.throwIfAborted();
  if (outcomes.some(({ status }) => status === 'fulfilled')) return;
  throw noMember(paths.length);
}

function noMember(silent: number): MailslotError {
  if (silent === 0) return new MailslotError('ERR_MAILSLOT_NOT_FOUND', 'no messenger runs on this computer');
  return new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `none of the ${silent} messengers of this computer has taken the message within ${DELIVERY_MS / 1000} s: ` +
      'their processes may be stopped or busy',
  );
}

export function impostor(path: string, owner: number | undefined): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_ACCESS_DENIED',
    `the mailslot ${path} is had by uid ${owner}, and not by the user of that name: nothing was sent to it`,
    { remedy: 'only root can clear it away, by ending that process' },
  );
}

/** Else it would be taken for the name of a computer. */
async function refuseStrange(
  domain: string,
  around: Context,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ours = await ownDomains(around, signal);
  // In none at all it is not the name that is wrong.
  if (ours.length === 0 || ours.some((each) => upperCase(each) === upperCase(domain))) return;
  throw new MailslotError(
    'ERR_MAILSLOT_NOT_FOUND',
    `this computer is not in a domain ${domain}, but in ${ours.join(', ')}: name one of these, ` +
      'or join it first ("mailslot key install")',
  );
}

/** Those of the redirector, else those that it would have if it ran. */
async function ownDomains({ root }: Context, signal: AbortSignal | undefined): Promise<readonly string[]> {
  try {
    for await (const { domains } of callRedirector({ do: 'status' }, { root, signal })) {
      return (domains as readonly { readonly name: string }[]).map(({ name }) => name);
    }
  } catch (error) {
    if (codeOf(error) !== 'ERR_MAILSLOT_NOT_FOUND') throw error;
  }
  return loadConfig(process.env).domains.map(({ name }) => name);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof MailslotError ? error.code : undefined;
}

function nobody(to: string, root: string, cause: unknown): MailslotError {
  const who =
    to === EVERYBODY
      ? 'no messenger runs on this computer in this root (docs/guide/root.md tells of others)'
      : `no messenger here has the name ${to}`;
  const remedy = 'start a messenger with "mailslot serve --page"';
  const owner = ownerOfRoot(root);
  const text =
    owner === undefined || isOwn(owner)
      ? `${who}, and this computer is in no domain: ${remedy}, or join a domain to reach other computers ("mailslot key install")`
      : // What this user configures has no effect there.
        `${who}, and no redirector of ${root} reaches other computers: ${remedy}; for other computers uid ${owner}, who owns ` +
        'that folder, has to run a redirector in a domain ("systemctl start mailslot"), or use a root of your own (MAILSLOT_ROOT)';
  return new MailslotError('ERR_MAILSLOT_NOT_FOUND', text, { cause });
}
