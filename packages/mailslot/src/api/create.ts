import { MailslotError } from '../errors.js';
import { throwIfAborted } from '../msfs/abort.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { openSpace } from '../msfs/namespace/open-space.js';
import { refuseReserved } from '../msfs/namespace/reserved.js';
import { type CreateOptions, scopeOf, slotSettings } from '../msfs/options.js';
import { type ConnectFeed, Mailslot } from '../msfs/server/slot.js';
import { parseName, type SlotName } from '../name/slot-name.js';
import { realPorts } from '../ports/ports.js';

/**
 * Creates a mailslot and owns its queue, until `close()` or the end of this process.
 *
 * Of any number of processes that create one name at once, one succeeds. `name` is any spelling of a local name:
 * `app/events`, `//./mailslot/app/events`, `\\.\mailslot\app\events`; case does not matter.
 *
 * With `remote` it also takes messages from other computers, by way of the redirector, which is started if need be.
 * When that cannot be reached (or this computer is in no domain) the slot is there all the same, a warning of the
 * process says so, and it is tried again.
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
      `a mailslot is created on this computer only, not on ${parsed.host}`,
      { remedy: `use the name ${parsed.path}` },
    );
  }
  refuseReserved(parsed);
  const space = openSpace(options.root, realPorts);
  const slot = await Mailslot.create(parsed, space, settings, realPorts, await feedOf(parsed, options));
  if (!options.signal?.aborted) return slot;
  await slot.close();
  throw options.signal.reason;
}

/** Loaded on demand: most slots hear this computer only. */
async function feedOf(
  name: SlotName,
  { remote, scope, root }: CreateOptions,
): Promise<ConnectFeed | undefined> {
  if (remote === undefined || remote === 'none') return undefined;
  const { feedFrom } = await import('./feed.js');
  return feedFrom({
    slot: name.path,
    remote,
    scope: scopeOf(scope),
    slots: findSlots(root),
    ports: realPorts,
  });
}
