import { MailslotError } from '../../errors.js';
import { GREETING_MS } from '../../limits.js';
import { formatName, type SlotName } from '../../name/slot-name.js';
import type { Ports } from '../../ports/ports.js';
import { throwIfAborted } from '../abort.js';
import type { SlotFinder } from '../namespace/name-space.js';
import { isNamed } from './check.js';
import { connectSeen, hungUp, type Seen } from './connect.js';
import { changeOrRecheck, patiently } from './patience.js';

/** A slot may be replaced between the look at its place and the connection; so often that is tried again. */
const ATTEMPTS = 3;

/** How a slot is reached. */
export interface ReachOptions {
  readonly signal?: AbortSignal | undefined;
  /** Waits for a slot that is not there yet: so many milliseconds, or until the signal aborts. */
  readonly wait?: number | AbortSignal | undefined;
}

/** Connects to the slot of that name, or waits for it as `options.wait` says. */
export async function reachSlot(
  name: SlotName,
  slots: SlotFinder,
  { signal, wait }: ReachOptions,
  ports: Ports,
): Promise<Seen> {
  throwIfAborted(signal);
  if (wait !== undefined) return waitFor(name, slots, wait, signal, ports);
  const connection = await tryToReach(name, slots, signal, ports);
  if (connection) return connection;
  throw notFound(name, slots);
}

async function tryToReach(
  name: SlotName,
  slots: SlotFinder,
  signal: AbortSignal | undefined,
  ports: Ports,
): Promise<Seen | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const path = slots.locate(name);
    if (path === undefined) return undefined;
    const shown = formatName(name);
    try {
      const connection = await connectSeen(path, slots, {
        name: shown,
        clock: ports.clock,
        patienceMs: GREETING_MS,
        signal,
      });
      // It may have gone between its greeting and our hello.
      if (connection?.socket.destroyed) throw hungUp(shown);
      if (connection && isNamed(connection.greeting.name, name)) return connection;
      connection?.socket.destroy();
      if (connection || attempt === ATTEMPTS) return undefined;
    } catch (error) {
      // A server that ends hangs up on who is just coming; another look tells whether there is one after it.
      if (!hasHungUp(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

function hasHungUp(error: unknown): boolean {
  return error instanceof MailslotError && error.code === 'ERR_MAILSLOT_CLOSED';
}

/** For who waits, a server that is ending is one that has ended. */
function unlessEnding(error: unknown): undefined {
  if (!hasHungUp(error)) throw error;
}

/** Tries whenever the system tells that slots may have come, and now and then in case it does not. */
function waitFor(
  name: SlotName,
  slots: SlotFinder,
  wait: number | AbortSignal,
  signal: AbortSignal | undefined,
  ports: Ports,
): Promise<Seen> {
  const tooLate = (ms: number): MailslotError => notInTime(name, slots, ms);
  return patiently({ signal, wait }, ports.clock, tooLate, async (patience) => {
    let changed = (): void => {};
    const stopWatching = slots.watch(() => changed());
    try {
      for (;;) {
        const change = new Promise<void>((resolve) => {
          changed = resolve;
        });
        const connection = await tryToReach(name, slots, patience, ports).catch(unlessEnding);
        if (connection) return connection;
        await changeOrRecheck(change, patience, ports.clock);
      }
    } finally {
      stopWatching();
    }
  });
}

function notFound(name: SlotName, slots: SlotFinder): MailslotError {
  const shown = formatName(name);
  return new MailslotError('ERR_MAILSLOT_NOT_FOUND', `no mailslot ${shown} in ${slots.root}`, {
    remedy: `start its reader (mailslot listen ${name.path}), or wait for it with --wait 5s (option wait), or look in another root (MAILSLOT_ROOT)`,
  });
}

function notInTime(name: SlotName, slots: SlotFinder, ms: number): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `no mailslot ${formatName(name)} appeared in ${slots.root} within ${ms} ms`,
  );
}
