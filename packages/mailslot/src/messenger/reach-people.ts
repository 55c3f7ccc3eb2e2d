import type { DomainStatus } from '../daemon/status.js';
import { callRedirector } from '../daemon-client/ask.js';
import { MailslotError } from '../errors.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { slotOf } from '../name/people.js';
import { encodeBody, type MessageBody } from './body.js';
import { memberSlots } from './members.js';
import { EVERYBODY, nameOrNothing } from './name.js';
import { nearNames } from './near-names.js';
import { impostor, type Reached, sendTo } from './sending.js';
import type { Context } from './slots.js';
import { squatterOf } from './squatter.js';
import { whoHas } from './who.js';

/** A message, and how sure one wants to be that there is somebody to read it. */
export interface ForPeople {
  readonly body: MessageBody;
  readonly domain: string | undefined;
  /** Whether it is sent without asking first if somebody has the name. */
  readonly anyway: boolean;
  /** Names that are known, for who has misspelled one. */
  readonly known: () => Iterable<string>;
  /** Says what a sender should know of a message that was sent. */
  readonly tell: (text: string) => void;
}

/**
 * Sends a message for people after asking whether anybody has the name, which takes half a second if nobody answers.
 *
 * Rejects as {@link sendTo}, with `ERR_MAILSLOT_NOT_FOUND` when nobody answers, or when nothing leads to others and nobody here
 * would have it, and with `ERR_MAILSLOT_ACCESS_DENIED` when the only one here who has the name is not the user of that name.
 */
export async function sendToPeople(
  { body, domain, anyway, known, tell }: ForPeople,
  around: Context,
  signal?: AbortSignal,
): Promise<Reached> {
  const { to, from } = body;
  const isAsked = to !== EVERYBODY && !anyway;
  const answer = isAsked ? await whoHas({ name: to, from, domain, signal }, around) : 'somebody';
  signal?.throwIfAborted();
  if (answer === 'nobody') {
    const squatter = await squatterOf(to, around);
    if (squatter !== undefined) throw impostor(slotOf(to), squatter);
    const now = await domainNow(domain, around, signal);
    throw nobodyAnswers(to, now, nearNames(to, [...known(), ...(await computersOf(around, signal))]));
  }
  const reached = await sendTo({ to, domain }, encodeBody(body), around, signal);
  if (reached !== 'domain') return reached;
  const squatter = to === EVERYBODY ? undefined : await squatterOf(to, around);
  if (squatter !== undefined) tell(notHere(to, squatter));
  const now = await domainNow(domain, around, signal);
  if (now === undefined || isUp(now)) return 'domain';
  if (to === EVERYBODY && memberSlots(findSlots(around.root)).length === 0) throw nobodyAtAll(now);
  return 'cut-off';
}

/** `undefined`: its redirector cannot be asked. */
async function domainNow(
  domain: string | undefined,
  { root }: Context,
  signal: AbortSignal | undefined,
): Promise<DomainStatus | undefined> {
  try {
    for await (const status of callRedirector({ do: 'status' }, { root, signal })) {
      const domains = status['domains'] as readonly DomainStatus[];
      if (domain === undefined || domain === '*') return domains[0];
      return domains.find(({ name }) => name.toUpperCase() === domain.toUpperCase());
    }
  } catch {
    signal?.throwIfAborted();
  }
  return undefined;
}

/** Whether any transport leads to others now. */
function isUp({ inUse, lan, nats }: DomainStatus): boolean {
  return inUse !== undefined && ((lan?.ways.length ?? 0) > 0 || nats?.state === 'connected');
}

async function computersOf({ root }: Context, signal: AbortSignal | undefined): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of callRedirector({ do: 'computers' }, { root, signal })) {
      const known = nameOrNothing(name);
      if (known !== undefined) names.push(known);
    }
  } catch {
    signal?.throwIfAborted();
  }
  return names;
}

function notHere(to: string, squatter: number): string {
  return (
    `uid ${squatter}, who is not the user ${to}, has that name on this computer: the message was sent to the others of that ` +
    'name, and not to the user here; only root can clear it away, by ending that process'
  );
}

function nobodyAtAll({ name }: DomainStatus): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_NOT_FOUND',
    `the message went to nobody: nothing leads to the other computers of ${name} now, and no messenger runs on this one`,
    { remedy: '"mailslot doctor" shows why' },
  );
}

function nobodyAnswers(to: string, now: DomainStatus | undefined, near: readonly string[]): MailslotError {
  const hint = near.length === 0 ? '; their messenger may be off' : `. Did you mean ${near.join(' or ')}?`;
  const text =
    now === undefined || isUp(now)
      ? `nobody${now === undefined ? '' : ` in ${now.name}`} answers to ${to}${hint}`
      : `nobody on this computer is called ${to}, and nothing leads to the others of ${now.name} now; ` +
        '"mailslot doctor" shows why';
  return new MailslotError('ERR_MAILSLOT_NOT_FOUND', text);
}
