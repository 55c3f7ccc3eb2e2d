import { linesOf } from '../daemon-client/ask.js';
import { inNoDomain } from '../daemon-client/no-domain.js';
import type { ComputerEntry, ComputerEvent } from '../discovery/discovery.js';
import { MailslotError } from '../errors.js';
import { WATCH_RETRY_MS } from '../limits.js';
import { delay } from '../msfs/client/connect.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import type { WaitOptions } from '../msfs/options.js';
import { realPorts } from '../ports/ports.js';

export type { ComputerEntry, ComputerEvent };

/** Whose redirector to ask, and what may end the wait. */
export interface ComputersOptions extends WaitOptions {
  /** Folder of the MSFS; see `CreateOptions.root`. */
  readonly root?: string | undefined;
}

/**
 * The computers of this computer's domains, itself included, as far as its redirector knows: those that are there, that
 * have fallen silent, and that have said goodbye a short time ago. Starts the redirector if none runs; of one that has just
 * started the answer takes a second, until it knows the others.
 *
 * Rejects with `ERR_MAILSLOT_REMOTE_DISABLED` when this computer is in no domain, and the signal's reason.
 */
export async function listComputers(options: ComputersOptions = {}): Promise<ComputerEntry[]> {
  const entries: ComputerEntry[] = [];
  const path = await reach(options);
  for await (const line of linesOf(path, { do: 'computers' }, options.signal)) {
    entries.push(line as unknown as ComputerEntry);
  }
  // Each domain has this computer at least.
  if (entries.length === 0) throw inNoDomain();
  return entries;
}

/**
 * What happens to the computers from now on: one comes, falls silent, says goodbye, is back, or has a name that
 * another one uses too. Ends when the redirector does; throws as {@link listComputers} rejects, except that a redirector in no
 * domain is waited on until it has one, and something happens there. Where it has
 * no room for so many that watch, this goes on a second later, and a warning of the process says so once.
 */
export async function* watchComputers(options: ComputersOptions = {}): AsyncGenerator<ComputerEvent> {
  for (let hasWarned = false; ; hasWarned = true) {
    const path = await reach(options);
    try {
      for await (const line of linesOf(path, { do: 'watch' }, options.signal))
        yield line as unknown as ComputerEvent;
      return;
    } catch (error) {
      if (!(error instanceof MailslotError) || error.code !== 'ERR_MAILSLOT_NO_RESOURCES') throw error;
      if (!hasWarned) {
        realPorts.log.warn(
          `computers are watched again in a moment, and changes may be missed: ${error.message}`,
        );
      }
    }
    await delay(realPorts.clock, WATCH_RETRY_MS);
    options.signal?.throwIfAborted();
  }
}

/** Loaded on demand: it can start processes, which few programs want. */
async function reach({ root, signal }: ComputersOptions): Promise<string> {
  const { reachRedirector } = await import('../daemon-client/ensure.js');
  return reachRedirector(findSlots(root), realPorts, signal);
}
