import { MailslotError } from '../errors.js';
import { APPEAR_RECHECK_MS, REDIRECTOR_START_MS } from '../limits.js';
import { onAbort } from '../msfs/abort.js';
import type { SlotFinder } from '../msfs/namespace/name-space.js';
import { probe } from '../msfs/namespace/probe.js';
import { userId } from '../msfs/namespace/user.js';
import type { Ports } from '../ports/ports.js';
import { locateRedirector, refuseIfAlone } from './locate.js';
import { startDetached } from './spawn.js';

/**
 * Where the redirector of this root listens; starts one if there is none and this computer is in a domain.
 *
 * Rejects with `ERR_MAILSLOT_REMOTE_DISABLED` when it is in none, or the redirector is for another user to start: whoever
 * writes to `*` is then alone on this computer. Else with `ERR_MAILSLOT_NOT_FOUND` when none may be started,
 * `ERR_MAILSLOT_TIMEOUT` when it does not come up, `ERR_MAILSLOT_ACCESS_DENIED` when it does not admit this user, or somebody
 * else stands in for it, and the signal's reason.
 */
export async function reachRedirector(
  slots: SlotFinder,
  ports: Ports,
  signal?: AbortSignal,
): Promise<string> {
  const found = await livingRedirector(slots, ports);
  if (found !== undefined) return found;
  signal?.throwIfAborted();
  refuseIfAlone(slots.root);
  await startDetached(slots.root);
  const deadline = ports.clock.monotonic() + REDIRECTOR_START_MS;
  let changed = (): void => {};
  const stopWatching = slots.watch(() => changed());
  const stopListening = onAbort(signal, () => changed());
  try {
    while (ports.clock.monotonic() < deadline) {
      const path = await livingRedirector(slots, ports);
      if (path !== undefined) return path;
      await new Promise<void>((resolve) => {
        const alarm = ports.clock.after(APPEAR_RECHECK_MS, resolve);
        changed = () => {
          alarm.cancel();
          resolve();
        };
      });
      signal?.throwIfAborted();
    }
  } finally {
    stopWatching();
    stopListening();
  }
  throw new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `the redirector of ${slots.root} did not come up within ${REDIRECTOR_START_MS / 1000} s: ` +
      'run "mailslot serve" to see why',
  );
}

async function livingRedirector(slots: SlotFinder, ports: Ports): Promise<string | undefined> {
  const path = locateRedirector(slots);
  if (path === undefined) return undefined;
  const sign = await probe(path, ports.clock);
  if (sign !== 'denied') return sign === 'alive' ? path : undefined;
  throw new MailslotError(
    'ERR_MAILSLOT_ACCESS_DENIED',
    `the redirector of ${slots.root} does not admit uid ${userId()}: who may use it is for the mode of that folder to say, ` +
      'when the redirector starts',
  );
}
