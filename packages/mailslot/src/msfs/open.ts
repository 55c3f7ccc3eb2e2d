import { MailslotError } from '../errors.js';
import { parseName, type SlotName } from '../name/slot-name.js';
import { type Ports, realPorts } from '../ports/ports.js';
import { MailslotClient } from './client/client.js';
import { reachSlot } from './client/reach.js';
import { sendOnce } from './client/send.js';
import { clientBuffer, type OpenOptions } from './options.js';
import { findSlots } from './space/find-slots.js';
import type { SlotFinder } from './space/name-space.js';

/**
 * Opens a mailslot to write to it.
 *
 * Rejects with `ERR_MAILSLOT_NOT_FOUND` when there is no such slot (with `wait`: `ERR_MAILSLOT_TIMEOUT` when it did not
 * appear in time), `ERR_MAILSLOT_ACCESS_DENIED`, `ERR_MAILSLOT_INVALID_NAME`, `ERR_MAILSLOT_REMOTE_DISABLED` for another
 * computer or a domain, `ERR_MAILSLOT_INCOMPATIBLE`, and the signal's reason.
 */
export async function openMailslot(name: string, options: OpenOptions = {}): Promise<MailslotClient> {
  return openClient(localName(name), findSlots(options.root), options, realPorts);
}

/** As {@link openMailslot}, wherever slots are found. */
export async function openClient(
  name: SlotName,
  slots: SlotFinder,
  options: OpenOptions,
  ports: Ports,
): Promise<MailslotClient> {
  const bufferBytes = clientBuffer(options);
  return new MailslotClient({ connection: await reachSlot(name, slots, options, ports), bufferBytes, ports });
}

/** Opens a mailslot, writes one message, and closes it. Rejects as `openMailslot` and `write` do. */
export async function sendMessage(
  name: string,
  data: string | Uint8Array,
  options: Pick<OpenOptions, 'root' | 'signal' | 'wait'> = {},
): Promise<void> {
  const connection = await reachSlot(localName(name), findSlots(options.root), options, realPorts);
  await sendOnce(connection, data, options.signal, realPorts.clock);
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
