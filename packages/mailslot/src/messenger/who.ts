import { MailslotError } from '../errors.js';
import { NAME_QUESTION_MS } from '../limits.js';
import type { Alarm } from '../ports/clock.js';
import type { Random } from '../ports/random.js';
import { decodeBody, encodeBody, isBody } from './body.js';
import { replySlotOf } from './name.js';
import { type Destination, type Reached, sendTo } from './sending.js';
import { type Context, hearOn } from './slots.js';

/** A new id: 8 bytes of chance, in hex. */
export function newId(random: Random): string {
  return Buffer.from(random.bytes(8)).toString('hex');
}

/** A question whether somebody has a name. */
export interface Question {
  readonly id: string;
  readonly name: string;
  /** `undefined`: the primary one. */
  readonly domain?: string | undefined;
  /** Who asks. */
  readonly from: string;
  /** Ends the wait: it is known that somebody else gets the name. */
  readonly lost: AbortSignal;
}

/** What a question came to; `alone`: there are no others to ask. */
export type WhoAnswer = 'somebody' | 'nobody' | 'alone';

/** Whether anybody has the name, here or elsewhere. Rejects as `sendTo` does, and with the signal's reason. */
export async function whoHas(
  {
    signal,
    ...question
  }: Pick<Question, 'name' | 'domain' | 'from'> & { readonly signal: AbortSignal | undefined },
  around: Context,
): Promise<WhoAnswer> {
  const id = newId(around.ports.random);
  const lost = signal ?? new AbortController().signal;
  lost.throwIfAborted();
  const answer = await askAll({ ...question, id, lost }, around);
  lost.throwIfAborted();
  return answer;
}

/** Whether anybody in the domain says to have the name. A network that cannot be asked says nothing. */
export async function hasSomebody(question: Question, around: Context): Promise<boolean> {
  return askAll(question, around).then(
    (answer) => answer === 'somebody',
    () => question.lost.aborted,
  );
}

async function askAll(question: Question, around: Context): Promise<WhoAnswer> {
  const { id, name, domain, from, lost } = question;
  const reply = replySlotOf(id);
  const { clock } = around.ports;
  let settle = (_answer: WhoAnswer): void => {};
  const answered = new Promise<WhoAnswer>((resolve) => {
    settle = resolve;
  });
  lost.addEventListener('abort', () => settle('somebody'));
  const slot = await hearOn(reply, around, ({ data }) => {
    if (isMine(data, id)) settle('somebody');
  });
  let alarm: Alarm | undefined;
  try {
    const body = encodeBody({ kind: 'who', id, from, time: clock.now(), name, reply });
    // Alone there is nobody to wait for.
    if ((await reachOf({ to: name, domain }, body, around)) !== 'domain') return 'alone';
    // From now on: a redirector may have had to be started for it.
    alarm = clock.after(NAME_QUESTION_MS, () => settle('nobody'));
    return await answered;
  } finally {
    alarm?.cancel();
    await slot.close();
  }
}

function isMine(data: Uint8Array, id: string): boolean {
  try {
    const body = isBody(data) ? decodeBody(data) : undefined;
    return body?.kind === 'mine' && body.of === id;
  } catch {
    return false;
  }
}

const NOBODY_HERE: readonly string[] = ['ERR_MAILSLOT_NOT_FOUND', 'ERR_MAILSLOT_BAD_NETPATH'];

/** A name that nobody has on a computer that is alone is for the message itself to find out. */
async function reachOf(to: Destination, body: Uint8Array, around: Context): Promise<Reached> {
  try {
    return await sendTo(to, body, around);
  } catch (error) {
    if (error instanceof MailslotError && NOBODY_HERE.includes(error.code)) return 'here';
    throw error;
  }
}
