import { callRedirector } from '../daemon-client/ask.js';
import { MailslotError } from '../errors.js';
import { TAKE_OVER_MS, TAKE_OVER_RETRY_MS } from '../limits.js';
import { delay } from '../msfs/client/connect.js';
import type { NameSpace } from '../msfs/namespace/name-space.js';
import type { Ports } from '../ports/ports.js';
import { ControlSocket } from './control-socket.js';
import type { RedirectorStatus } from './status.js';

/**
 * Opens the control socket of a root. One that was started on first need makes way for one that is started on purpose: it hands on
 * what it has taken, and its slots and clients come back by themselves.
 *
 * Rejects with `ERR_MAILSLOT_ALREADY_EXISTS` when a redirector runs that does not make way.
 */
export async function takePlace(space: NameSpace, isOnDemand: boolean, ports: Ports): Promise<ControlSocket> {
  const deadline = ports.clock.monotonic() + TAKE_OVER_MS;
  for (;;) {
    try {
      return await ControlSocket.open(space, ports);
    } catch (error) {
      if (!(error instanceof MailslotError) || error.code !== 'ERR_MAILSLOT_ALREADY_EXISTS') throw error;
      const present = await statusIn(space.root);
      const isOver = ports.clock.monotonic() > deadline;
      if (isOnDemand || isOver || present === 'silent' || present?.isOnDemand === false) {
        throw alreadyRuns(space.root, present, error);
      }
      if (present?.isOnDemand) await stopIn(space.root);
    }
    await delay(ports.clock, TAKE_OVER_RETRY_MS);
  }
}

/** `undefined`: none runs any more, or it is ending. */
async function statusIn(root: string): Promise<RedirectorStatus | 'silent' | undefined> {
  try {
    for await (const line of callRedirector({ do: 'status' }, { root })) {
      const status = line as unknown as RedirectorStatus;
      return { ...status, isOnDemand: status.isOnDemand ?? false };
    }
    return undefined;
  } catch (error) {
    const code = error instanceof MailslotError ? error.code : undefined;
    if (code === 'ERR_MAILSLOT_NOT_FOUND' || code === 'ERR_MAILSLOT_CLOSED') return undefined;
    if (code === 'ERR_MAILSLOT_TIMEOUT') return 'silent';
    throw error;
  }
}

/** Resolves when it has ended, or is about to. */
async function stopIn(root: string): Promise<void> {
  try {
    for await (const _ of callRedirector({ do: 'stop' }, { root }));
  } catch (error) {
    // It was ending already.
    if (!(error instanceof MailslotError)) throw error;
  }
}

function alreadyRuns(
  root: string,
  present: RedirectorStatus | 'silent' | undefined,
  cause: unknown,
): MailslotError {
  return new MailslotError('ERR_MAILSLOT_ALREADY_EXISTS', `${whatRuns(root, present)}`, {
    cause,
    remedy: REMEDY,
  });
}

const REMEDY =
  'use that one, end it first (systemd: "systemctl stop mailslot"), or set MAILSLOT_ROOT to another folder';

function whatRuns(root: string, present: RedirectorStatus | 'silent' | undefined): string {
  if (present === 'silent')
    return `a redirector already runs in ${root} and does not answer: it may be stopped`;
  if (present === undefined) return `a redirector already runs in ${root}`;
  const { pid, startedAt } = present;
  const since = startedAt === undefined ? '' : `, since ${new Date(startedAt).toISOString()}`;
  return `a redirector already runs in ${root} (pid ${pid}${since})`;
}
