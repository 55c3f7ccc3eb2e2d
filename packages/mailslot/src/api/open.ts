import { MailslotError } from '../errors.js';
import { BUSY_RETRY_MS, GREETING_MS, MAX_REOPENINGS } from '../limits.js';
import { throwIfAborted } from '../msfs/abort.js';
import { MailslotClient } from '../msfs/client/client.js';
import { type Connection, connectSeen, delay } from '../msfs/client/connect.js';
import { changeOrRecheck, patiently } from '../msfs/client/patience.js';
import { reachSlot } from '../msfs/client/reach.js';
import { sendOnce } from '../msfs/client/send.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { refuseReserved } from '../msfs/namespace/reserved.js';
import { ownerOfRoot } from '../msfs/namespace/root.js';
import { openClient } from '../msfs/open.js';
import { clientBuffer, type OpenOptions, scopeOf } from '../msfs/options.js';
import { encodeLine } from '../msfs/wire/preface.js';
import type { Scope } from '../name/scope.js';
import { formatName, parseName, type SlotName } from '../name/slot-name.js';
import { realPorts } from '../ports/ports.js';

/**
 * Opens a mailslot to write to it: of this computer (`app/events`), of another one (`//HOST/mailslot/app/events`), of
 * all computers of a domain (`//DOMAIN/mailslot/…`), or of the own domain (`//*\/mailslot/…`), which is this computer alone while it is in
 * none; a warning of the process says so.
 *
 * A write to another computer resolves when the redirector has the message and will hand it to the network; nobody
 * says whether it arrived, or whether there is such a slot.
 *
 * Rejects with `ERR_MAILSLOT_NOT_FOUND` when there is no such slot (with `wait`: `ERR_MAILSLOT_TIMEOUT` when it did not
 * appear in time), `ERR_MAILSLOT_ACCESS_DENIED`, `ERR_MAILSLOT_INVALID_NAME`, `ERR_MAILSLOT_REMOTE_DISABLED` for another
 * computer or a domain when this one is in none, `ERR_MAILSLOT_BAD_NETPATH` for a computer that is not there
 * (with `wait`: `ERR_MAILSLOT_TIMEOUT`), `ERR_MAILSLOT_INCOMPATIBLE`, and the signal's reason.
 */
export async function openMailslot(name: string, options: OpenOptions = {}): Promise<MailslotClient> {
  const parsed = parseName(name);
  refuseReserved(parsed);
  if (parsed.host === undefined) return openClient(parsed, findSlots(options.root), options, realPorts);
  const bufferBytes = clientBuffer(options);
  const connection = await reachRemote(parsed, options);
  if (connection === 'here') return openClient(here(parsed), findSlots(options.root), options, realPorts);
  return new MailslotClient({
    connection,
    bufferBytes,
    askInfo: () => Promise.reject(unknownThere(parsed)),
    reopen: () => callAgain(parsed, connection, options),
  });
}

/** Opens a mailslot, writes one message, and closes it. Rejects as `openMailslot` and `write` do. */
export async function sendMessage(
  name: string,
  data: string | Uint8Array,
  options: Pick<OpenOptions, 'root' | 'signal' | 'wait' | 'scope'> = {},
): Promise<void> {
  const parsed = parseName(name);
  refuseReserved(parsed);
  const remote = parsed.host === undefined ? 'here' : await reachRemote(parsed, options);
  const connection =
    remote === 'here' ? await reachSlot(here(parsed), findSlots(options.root), options, realPorts) : remote;
  await sendOnce(connection, data, options.signal, realPorts.clock);
}

/** The own domain is this computer alone when there is none, and whoever wrote to it is told. */
async function reachRemote(name: SlotName, options: OpenOptions): Promise<Connection | 'here'> {
  throwIfAborted(options.signal);
  try {
    return await callForth(name, options);
  } catch (error) {
    const isAlone = error instanceof MailslotError && error.code === 'ERR_MAILSLOT_REMOTE_DISABLED';
    if (name.host !== '*' || !isAlone) throw error;
    realPorts.log.warn(`${formatName(name)} means the local slot ${name.path} for now: ${error.message}`);
    return 'here';
  }
}

/** A connection to the redirector, which behaves as the slot elsewhere would. Rejects as `openMailslot`, also when this computer is alone. */
export async function callForth(
  name: SlotName,
  { root, signal, wait, scope: asked }: OpenOptions,
): Promise<Connection> {
  const scope = scopeOf(asked);
  if (wait === undefined) return callInCrowd(name, root, scope, signal);
  const tooLate = (ms: number): MailslotError => notInTime(name, ms);
  return patiently({ signal, wait }, realPorts.clock, tooLate, async (patience) => {
    for (;;) {
      try {
        return await callInCrowd(name, root, scope, patience);
      } catch (error) {
        if (!(error instanceof MailslotError && error.code === 'ERR_MAILSLOT_BAD_NETPATH')) throw error;
      }
      await changeOrRecheck(new Promise(() => {}), patience, realPorts.clock);
    }
  });
}

/** As before; who has been told how long a message may be is not told anything else later. */
async function callAgain(
  name: SlotName,
  { greeting }: Connection,
  { root, scope }: OpenOptions,
): Promise<Connection> {
  const connection = await callForth(name, { root, scope });
  if (connection.greeting.messageLimit >= greeting.messageLimit) return connection;
  connection.socket.destroy();
  throw new MailslotError(
    'ERR_MAILSLOT_CLOSED',
    `${greeting.name} takes shorter messages now: open it again`,
  );
}

/** Where it has to make room for others before it is served, it comes again. */
async function callInCrowd(
  name: SlotName,
  root: string | undefined,
  scope: Scope,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  for (let again = 1; ; again += 1) {
    try {
      return await callOnce(name, root, scope, signal);
    } catch (error) {
      const isCrowded = error instanceof MailslotError && error.code === 'ERR_MAILSLOT_NO_RESOURCES';
      if (!isCrowded || again > MAX_REOPENINGS) throw error;
    }
    await delay(realPorts.clock, BUSY_RETRY_MS);
    signal?.throwIfAborted();
  }
}

async function callOnce(
  name: SlotName,
  root: string | undefined,
  scope: Scope,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  // Loaded on demand: who writes to a slot of this computer pays nothing for the others.
  const { reachRedirector } = await import('../daemon-client/ensure.js');
  const slots = findSlots(root);
  const path = await reachRedirector(slots, realPorts, signal);
  const shown = formatName(name);
  const connection = await connectSeen(path, slots, {
    name: shown,
    clock: realPorts.clock,
    patienceMs: GREETING_MS,
    signal,
    preface: encodeLine({ do: 'open', name: shown, scope, pid: process.pid }),
  });
  // Between the search and the connection it may have ended, and somebody else have taken its place.
  if (connection && connection.owner === ownerOfRoot(slots.root)) return connection;
  connection?.socket.destroy();
  throw new MailslotError('ERR_MAILSLOT_CLOSED', `the redirector ended while ${shown} was opened`, {
    remedy: 'try again',
  });
}

/** The slot of the same path on this computer. */
function here({ path }: SlotName): SlotName {
  return parseName(path);
}

function notInTime({ host }: SlotName, ms: number): MailslotError {
  const whom = host === '*' ? 'no computer' : `no computer ${host}`;
  return new MailslotError('ERR_MAILSLOT_TIMEOUT', `${whom} appeared within ${ms} ms`, {
    remedy: `"mailslot computers" shows which are there, ` + '"mailslot doctor" why one may be missing',
  });
}

function unknownThere(name: SlotName): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_BAD_NETPATH',
    `how ${formatName(name)} stands is known on its own computers only`,
    { remedy: 'ask there' },
  );
}
