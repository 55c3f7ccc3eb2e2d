import type { TestContext } from 'node:test';
import { createMailslot, openMailslot } from '../index.js';
import type { MailslotClient } from './client/client.js';
import type { CreateOptions, OpenOptions } from './options.js';
import type { Mailslot } from './server/slot.js';
import { closedAfter, temporaryRoot } from './temp-root.test.support.js';

export interface Pair {
  readonly root: string;
  readonly slot: Mailslot;
  readonly client: MailslotClient;
}

/** A slot in a root of its own and a client of it, both closed after the test. */
export async function pair(
  t: TestContext,
  slot: CreateOptions = {},
  client: OpenOptions = {},
): Promise<Pair> {
  const root = temporaryRoot(t);
  const server = closedAfter(t, await createMailslot('app/events', { root, ...slot }));
  return {
    root,
    slot: server,
    client: closedAfter(t, await openMailslot('app/events', { root, ...client })),
  };
}

/** A slot alone. */
export async function slotIn(t: TestContext, options: CreateOptions = {}): Promise<Mailslot> {
  return closedAfter(t, await createMailslot('app/events', { root: temporaryRoot(t), ...options }));
}

/** Another client of the same slot. */
export async function clientOf(
  t: TestContext,
  slot: Mailslot,
  options: OpenOptions = {},
): Promise<MailslotClient> {
  return closedAfter(t, await openMailslot(slot.name, { root: slot.root, ...options }));
}

/** Everything that waits in the slot, as texts. */
export function drain(slot: Mailslot): string[] {
  const texts: string[] = [];
  for (let message = slot.tryRead(); message; message = slot.tryRead()) texts.push(message.text());
  return texts;
}
