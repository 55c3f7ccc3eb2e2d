import { MailslotError } from '../errors.js';
import { parseName } from '../name/slot-name.js';
import { realPorts } from '../ports/ports.js';
import { throwIfAborted } from './abort.js';
import { type CreateOptions, slotSettings } from './options.js';
import { Mailslot } from './server/slot.js';
import { openSpace } from './space/open-space.js';

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
  const settings = slotSettings(options);
  throwIfAborted(options.signal);
  const parsed = parseName(name);
  if (parsed.host !== undefined) {
    throw new MailslotError(
      'ERR_MAILSLOT_INVALID_NAME',
      `a mailslot is created on this computer only, not on ${parsed.host}: write ${parsed.path}`,
    );
  }
  const slot = await Mailslot.create(parsed, openSpace(options.root, realPorts), settings, realPorts);
  if (!options.signal?.aborted) return slot;
  await slot.close();
  throw options.signal.reason;
}
