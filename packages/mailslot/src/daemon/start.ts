import { REDIRECTOR_IDLE_MS } from '../limits.js';
import { realPorts } from '../ports/ports.js';
import type { RedirectorHandle, StartOptions } from './handle.js';
import type { Runner } from './runner.js';

export type { RedirectorHandle, StartOptions } from './handle.js';

/**
 * Starts the redirector of a root in this process: it carries messages to and from other computers for all processes
 * that use the root. `mailslot serve` does the same in a process of its own.
 *
 * Without a configured domain it sends nothing and listens to nothing, and waits for one to be configured. One that was
 * started on first need makes way for it.
 *
 * Rejects with `ERR_MAILSLOT_ALREADY_EXISTS` when the root has one, `ERR_MAILSLOT_ACCESS_DENIED` when the root belongs to
 * somebody else, `ERR_MAILSLOT_UNUSABLE_CONFIG`.
 */
export async function startRedirector(options: StartOptions = {}): Promise<RedirectorHandle> {
  return run(options, false);
}

/** As {@link startRedirector}, for the process that was started on first need: it ends when nobody needs it. */
export async function startUntilIdle(options: StartOptions): Promise<RedirectorHandle> {
  const runner = await run(options, true);
  runner.endWhenIdle(REDIRECTOR_IDLE_MS);
  return runner;
}

/** Loaded on demand: whoever uses mailslots imports this file, and few are the redirector. */
async function run(options: StartOptions, isOnDemand: boolean): Promise<Runner> {
  const { Runner } = await import('./runner.js');
  return Runner.start(options, { isOnDemand }, realPorts);
}
