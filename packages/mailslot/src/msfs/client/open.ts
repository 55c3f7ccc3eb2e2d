import { MailslotError } from '../../errors.js';
import { APPEAR_RECHECK_MS } from '../../limits.js';
import { formatName, parseName, type SlotName } from '../../name/slot-name.js';
import type { Ports } from '../../ports/ports.js';
import { clientBuffer, type OpenOptions, timeoutMs } from '../options.js';
import type { NameSpace } from '../space/name-space.js';
import { MailslotClient } from './client.js';
import { type Connection, connectTo } from './connect.js';

/** A slot may be replaced between the look at its place and the connection; so often that is tried again. */
const ATTEMPTS = 3;

/** Opens the slot, or waits for it as `options.wait` says. */
export async function openClient(
  name: SlotName,
  space: NameSpace,
  options: OpenOptions,
  ports: Ports,
): Promise<MailslotClient> {
  const bufferBytes = clientBuffer(options);
  options.signal?.throwIfAborted();
  const open = (signal: AbortSignal | undefined): Promise<MailslotClient | undefined> =>
    tryOpen(name, space, bufferBytes, ports, signal);
  if (options.wait === undefined) {
    const client = await open(options.signal);
    if (client) return client;
    throw notFound(name, space);
  }
  return waitFor(name, space, options.wait, options.signal, ports, open);
}

async function tryOpen(
  name: SlotName,
  space: NameSpace,
  bufferBytes: number,
  ports: Ports,
  signal: AbortSignal | undefined,
): Promise<MailslotClient | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const path = space.locate(name);
    if (path === undefined) return undefined;
    const isLast = attempt === ATTEMPTS;
    const connection = await connectTo(path, { name: formatName(name), clock: ports.clock, signal }).catch(
      (error) => {
        // A server that ends hangs up on who is just coming; another look tells whether there is one after it.
        if (isLast || !(error instanceof MailslotError) || error.code !== 'ERR_MAILSLOT_CLOSED') throw error;
        return undefined;
      },
    );
    if (connection) return clientOf(name, path, connection, bufferBytes, ports);
    if (isLast) return undefined;
  }
}

function clientOf(
  name: SlotName,
  path: string,
  connection: Connection,
  bufferBytes: number,
  ports: Ports,
): MailslotClient | undefined {
  if (isNamed(connection.greeting.name, name))
    return new MailslotClient({ path, connection, bufferBytes, ports });
  connection.socket.destroy();
  return undefined;
}

/** Whether the server really is the one of that name: file names are hashes, and anybody may squat on one. */
function isNamed(greeted: string, name: SlotName): boolean {
  try {
    return parseName(greeted).key === name.key;
  } catch {
    return false;
  }
}

/** Tries whenever the system tells that slots may have come, and now and then in case it does not. */
async function waitFor(
  name: SlotName,
  space: NameSpace,
  wait: number | AbortSignal,
  signal: AbortSignal | undefined,
  ports: Ports,
  open: (signal: AbortSignal) => Promise<MailslotClient | undefined>,
): Promise<MailslotClient> {
  const patience = new AbortController();
  const giveUp = (reason: unknown): void => patience.abort(reason);
  const signals = [signal, typeof wait === 'number' ? undefined : wait].filter((each) => each !== undefined);
  const aborts = signals.map((each) => ({ each, abort: () => giveUp(each.reason) }));
  for (const { each, abort } of aborts) {
    if (each.aborted) throw each.reason;
    each.addEventListener('abort', abort, { once: true });
  }
  const ms = typeof wait === 'number' ? timeoutMs('wait', wait) : Number.POSITIVE_INFINITY;
  const alarm =
    ms < Number.POSITIVE_INFINITY
      ? ports.clock.after(ms, () => giveUp(notInTime(name, space, ms)))
      : undefined;

  let changed = (): void => {};
  const stopWatching = space.watch(() => changed());
  try {
    for (;;) {
      const change = new Promise<void>((resolve) => {
        changed = resolve;
      });
      const client = await open(patience.signal);
      if (client) return client;
      patience.signal.throwIfAborted();
      await changeOrRecheck(change, patience.signal, ports);
    }
  } finally {
    alarm?.cancel();
    stopWatching();
    for (const { each, abort } of aborts) each.removeEventListener('abort', abort);
  }
}

async function changeOrRecheck(change: Promise<void>, signal: AbortSignal, { clock }: Ports): Promise<void> {
  let stop = (): void => {};
  const recheck = new Promise<void>((resolve) => {
    const alarm = clock.after(APPEAR_RECHECK_MS, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    stop = () => alarm.cancel();
  });
  await Promise.race([change, recheck]);
  stop();
  signal.throwIfAborted();
}

function notFound(name: SlotName, space: NameSpace): MailslotError {
  const shown = formatName(name);
  return new MailslotError(
    'ERR_MAILSLOT_NOT_FOUND',
    `no mailslot ${shown} in ${space.root}: start its server first, wait for it (wait: ms), ` +
      'or look in another root (MAILSLOT_ROOT)',
  );
}

function notInTime(name: SlotName, space: NameSpace, ms: number): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `no mailslot ${formatName(name)} appeared in ${space.root} within ${ms} ms`,
  );
}
