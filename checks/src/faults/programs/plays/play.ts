import { type Mailslot, type MailslotClient, openMailslot } from 'mailslot';

/**
 * One way of leaving, aborting, closing or mixing, on a slot of 1 MiB and a client of it. Throws if a message was
 * lost or an outcome is not what it should be.
 */
export type Play = (slot: Mailslot, client: MailslotClient) => Promise<void>;

export const CLOSED: { readonly code: string } = { code: 'ERR_MAILSLOT_CLOSED' };

export const QUEUE_BYTES: number = 2 ** 20;

/** Of the messages that {@link fill} writes the queue holds exactly so many. */
export const HOLDS = 16;

const BLOCK = 'x'.repeat(QUEUE_BYTES / HOLDS - 64);

/** Texts of all that waits. */
export function texts(slot: Mailslot): string[] {
  const found: string[] = [];
  for (let next = slot.tryRead(); next; next = slot.tryRead()) found.push(next.text());
  return found;
}

/**
 * Fills the queue, then the system's buffers and the client's, and lets more writes wait for room; the outcomes of
 * all `count` that are not in the queue.
 */
export async function fill(
  client: MailslotClient,
  count: number,
): Promise<{ readonly outcomes: Promise<PromiseSettledResult<void>[]> }> {
  for (let number = 0; number < HOLDS; number += 1) await client.write(BLOCK);
  return { outcomes: Promise.allSettled(Array.from({ length: count }, () => client.write(BLOCK))) };
}

/** The reasons why what was waited for failed; throws if something did not. */
export function reasons(outcomes: readonly PromiseSettledResult<unknown>[]): unknown[] {
  return outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') throw new Error('it did not fail');
    return outcome.reason;
  });
}

/** One more client of the same slot. */
export function another(slot: Mailslot): Promise<MailslotClient> {
  return openMailslot(slot.name, { root: slot.root });
}
