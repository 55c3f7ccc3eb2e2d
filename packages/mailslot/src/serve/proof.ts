import type { Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import type { SlotFinder } from '../msfs/space/name-space.js';
import { encodeLine, LineParser } from '../msfs/wire/preface.js';
import { formatName, type SlotName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';
import { nextLine } from './lines.js';

/**
 * Has who asks show to be the owner of a slot. A socket does not tell who is at its other end; but the time of a
 * slot's folder can be set to a number by the folder's owner alone.
 *
 * Rejects with `ERR_MAILSLOT_ACCESS_DENIED`, and `ERR_MAILSLOT_NOT_FOUND` when there is no such slot.
 */
export async function demandProof(
  socket: Socket,
  name: SlotName,
  slots: SlotFinder,
  ports: Ports,
): Promise<void> {
  if (slots.markOf(name) === undefined) return;
  const mark = Buffer.from(ports.random.bytes(4)).readUInt32LE() >>> 1;
  socket.write(encodeLine({ mark }));
  await nextLine(socket, new LineParser(), 'who was to show that the slot is theirs', ports.clock);
  if (slots.markOf(name) === mark) return;
  throw new MailslotError(
    'ERR_MAILSLOT_ACCESS_DENIED',
    `this is for the owner of ${formatName(name)} alone, and who asks has not shown to be that`,
  );
}
