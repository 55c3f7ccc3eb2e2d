import { MailslotError } from '../../errors.js';
import { isService, REDIRECTOR_PATH } from '../../name/services.js';
import { parseName, type SlotName } from '../../name/slot-name.js';

/** Where the redirector of a root listens. Its connections begin with a question: `docs/wire/redirector.md`. */
export const REDIRECTOR: SlotName = parseName(REDIRECTOR_PATH);

/** Throws `ERR_MAILSLOT_INVALID_NAME` for the path of a service: a program that had it could stand in for the service. */
export function refuseReserved({ path }: SlotName): void {
  if (!isService(path)) return;
  throw new MailslotError('ERR_MAILSLOT_INVALID_NAME', `"${path}" is reserved for mailslot's own services`, {
    remedy: 'choose another name',
  });
}
