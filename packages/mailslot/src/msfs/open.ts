import { GREETING_MS } from '../limits.js';
import type { SlotName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';
import { askInfo } from './client/ask.js';
import { goneError } from './client/check.js';
import { MailslotClient } from './client/client.js';
import type { Seen } from './client/connect.js';
import { reachSlot } from './client/reach.js';
import type { SlotFinder } from './namespace/name-space.js';
import { clientBuffer, type OpenOptions, type WaitOptions } from './options.js';
import type { SlotInfo } from './slot-info.js';

/** Opens a mailslot of this computer, wherever slots are found. */
export async function openClient(
  name: SlotName,
  slots: SlotFinder,
  options: OpenOptions,
  ports: Ports,
): Promise<MailslotClient> {
  const bufferBytes = clientBuffer(options);
  const connection = await reachSlot(name, slots, options, ports);
  return new MailslotClient({
    connection,
    bufferBytes,
    askInfo: (wait) => askAgain(connection, slots, wait, ports),
  });
}

async function askAgain(
  { path, owner, greeting: { name } }: Seen,
  slots: SlotFinder,
  { signal }: WaitOptions,
  { clock }: Ports,
): Promise<SlotInfo> {
  const info = await askInfo(path, slots, { name, clock, patienceMs: GREETING_MS, signal });
  // Another user's slot in the same place is not the one that this client writes to.
  if (!info || info.owner !== owner) throw goneError(name);
  return info;
}
