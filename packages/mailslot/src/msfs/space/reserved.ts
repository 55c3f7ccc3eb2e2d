import { MailslotError } from '../../errors.js';
import { parseName, type SlotName } from '../../name/slot-name.js';

/** Where the redirector of a root listens. Its connections begin with a question: `docs/wire/redirector.md`. */
export const REDIRECTOR: SlotName = parseName('$redirector');

/** Names of the house's own services; a program that had one of them could stand in for the service. */
const RESERVED = [REDIRECTOR.path, '$browse', '$echo'].map((path) => parseName(path).key);

/** Throws `ERR_MAILSLOT_INVALID_NAME` for a path that is reserved. */
export function refuseReserved({ path }: SlotName): void {
  if (!RESERVED.includes(parseName(path).key)) return;
  throw new MailslotError(
    'ERR_MAILSLOT_INVALID_NAME',
    `"${path}" is reserved for mailslot's own services; choose another name`,
  );
}
