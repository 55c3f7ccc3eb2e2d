import type { NatsFactory } from '../config/nats-settings.js';
import { MailslotError } from '../errors.js';
import { closeInherited } from './inherited.js';
import { startUntilIdle } from './start.js';

/**
 * Is the redirector of a root in a process that was started on first need: it ends when nobody has needed it for a
 * minute, by a signal, or for one that is started on purpose. Another one was faster: then that one serves, and this
 * resolves at once.
 *
 * Rejects as `startRedirector` does otherwise, and with the reason when it could not go on.
 */
export async function runUntilIdle(root: string | undefined, nats?: NatsFactory): Promise<void> {
  closeInherited();
  try {
    const redirector = await startUntilIdle({ root, nats });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => void redirector.close());
    }
    await redirector.ended;
  } catch (error) {
    if (!(error instanceof MailslotError) || error.code !== 'ERR_MAILSLOT_ALREADY_EXISTS') throw error;
  }
}
