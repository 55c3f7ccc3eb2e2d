/// <reference types="node" />
import { MailslotError } from './errors.js';
import type { MailslotClient } from './msfs/client/client.js';
import { openClient } from './msfs/client/open.js';
import { listSlots, type SlotEntry } from './msfs/list.js';
import { type CreateOptions, type OpenOptions, slotSettings, type WaitOptions } from './msfs/options.js';
import { Mailslot } from './msfs/server/slot.js';
import { openSpace } from './msfs/space/open-space.js';
import { chooseRoot } from './msfs/space/root.js';
import { parseName, type SlotName } from './name/slot-name.js';
import { realPorts } from './ports/ports.js';

export { MailslotError, type MailslotErrorCode } from './errors.js';
export type { ClientStatistics, MailslotClient } from './msfs/client/client.js';
export type { SlotEntry } from './msfs/list.js';
export type { Message, Sender } from './msfs/message.js';
export type { CreateOptions, OpenOptions, QueueOptions, ReadOptions, WaitOptions } from './msfs/options.js';
export type { Mailslot, MailslotInfo, MailslotStatistics } from './msfs/server/slot.js';
export type { SlotInfo, WhenFull } from './msfs/slot-info.js';
export type { Access } from './msfs/space/name-space.js';

/**
 * Creates a mailslot and owns its queue, until `close()` or the end of this process.
 *
 * Of any number of processes that create one name at once, one succeeds. `name` is any spelling of a local name:
 * `app/events`, `//./mailslot/app/events`, `\\.\mailslot\app\events`; case does not matter.
 *
 * Rejects with `ERR_MAILSLOT_ALREADY_EXISTS`, `ERR_MAILSLOT_INVALID_NAME` (also for another computer: slots are
 * created locally only), `ERR_MAILSLOT_INVALID_ARGUMENT`, `ERR_MAILSLOT_ACCESS_DENIED` (the name is another user's),
 * `ERR_MAILSLOT_UNUSABLE_ROOT`, `ERR_MAILSLOT_NO_RESOURCES`.
 */
export async function createMailslot(name: string, options: CreateOptions = {}): Promise<Mailslot> {
  options.signal?.throwIfAborted();
  const parsed = parseName(name);
  if (parsed.host !== undefined) {
    throw new MailslotError(
      'ERR_MAILSLOT_INVALID_NAME',
      `a mailslot is created on this computer only, not on ${parsed.host}: write ${parsed.path}`,
    );
  }
  const settings = slotSettings(options);
  const slot = await Mailslot.create(parsed, openSpace(options.root, realPorts), settings, realPorts);
  if (!options.signal?.aborted) return slot;
  await slot.close();
  throw options.signal.reason;
}

/**
 * Opens a mailslot to write to it.
 *
 * Rejects with `ERR_MAILSLOT_NOT_FOUND` when there is no such slot (with `wait`: `ERR_MAILSLOT_TIMEOUT` when it did not
 * appear in time), `ERR_MAILSLOT_ACCESS_DENIED`, `ERR_MAILSLOT_INVALID_NAME`, `ERR_MAILSLOT_REMOTE_DISABLED` for another
 * computer or a domain, `ERR_MAILSLOT_INCOMPATIBLE`, and the signal's reason.
 */
export async function openMailslot(name: string, options: OpenOptions = {}): Promise<MailslotClient> {
  return openClient(localName(name), openSpace(options.root, realPorts), options, realPorts);
}

/** Opens a mailslot, writes one message, and closes it. Rejects as `openMailslot` and `write` do. */
export async function sendMessage(
  name: string,
  data: string | Uint8Array,
  options: Pick<OpenOptions, 'root' | 'signal' | 'wait'> = {},
): Promise<void> {
  const client = await openMailslot(name, options);
  try {
    await client.write(data, options);
  } finally {
    await client.close(options);
  }
}

/** All mailslots of a root, sorted by name, each asked how it stands. Those that may not be asked are told too. */
export async function listMailslots(
  options: WaitOptions & Pick<OpenOptions, 'root'> = {},
): Promise<SlotEntry[]> {
  return listSlots(openSpace(options.root, realPorts), options, realPorts);
}

/** The root folder that is used when none is named: see {@link CreateOptions.root}. */
export function mailslotRoot(): string {
  return chooseRoot(undefined);
}

function localName(name: string): SlotName {
  const parsed = parseName(name);
  if (parsed.host === undefined) return parsed;
  throw new MailslotError(
    'ERR_MAILSLOT_REMOTE_DISABLED',
    `${parsed.host} is another computer or a domain, and this computer is in no domain; ` +
      `for a slot of this computer write ${parsed.path}`,
  );
}
