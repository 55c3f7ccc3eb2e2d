import { callRedirector, MailslotError } from 'mailslot';

/** What asks a redirector; a test hands in another. */
export type Ask = typeof callRedirector;

/**
 * Tells the redirector of a root that its configuration has changed. Where none runs there is nobody to tell: it reads
 * the file when it starts.
 *
 * @throws MailslotError when one runs and cannot be told
 */
export async function reloadRedirector(root: string | undefined, ask: Ask = callRedirector): Promise<void> {
  try {
    for await (const _ of ask({ do: 'reload' }, { root }));
  } catch (error) {
    if (!(error instanceof MailslotError)) throw error;
    if (error.code === 'ERR_MAILSLOT_NOT_FOUND') return;
    throw new MailslotError(
      error.code,
      `it is in the configuration, but the redirector that runs did not take it over: ${error.message}`,
      { cause: error, remedy: error.remedy },
    );
  }
}
