import { NAME_QUESTION_MS } from '../limits.js';
import type { Random } from '../ports/random.js';
import { decodeBody, encodeBody, isBody } from './body.js';
import { replySlotOf } from './name.js';
import { hearOn, type Surroundings } from './slots.js';
import { sendTo } from './ways.js';

/** A new id: 8 bytes of chance, in hex. */
export function newId(random: Random): string {
  return Buffer.from(random.bytes(8)).toString('hex');
}

/** A question whether somebody has a name. */
export interface Question {
  readonly id: string;
  readonly name: string;
  /** Who asks. */
  readonly from: string;
  /** Ends the wait: it is known that somebody else gets the name. */
  readonly lost: AbortSignal;
}

/** Whether anybody in the domain says to have the name. A network that cannot be asked says nothing. */
export async function hasSomebody(question: Question, around: Surroundings): Promise<boolean> {
  const { id, name, from, lost } = question;
  const reply = replySlotOf(id);
  const { clock } = around.ports;
  let settle = (_isThere: boolean): void => {};
  const answered = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  lost.addEventListener('abort', () => settle(true));
  const slot = await hearOn(reply, around, ({ data }) => {
    if (isMine(data, id)) settle(true);
  });
  const alarm = clock.after(NAME_QUESTION_MS, () => settle(lost.aborted));
  try {
    const body = encodeBody({ kind: 'who', id, from, time: clock.now(), name, reply });
    // Alone there is nobody to wait for.
    if ((await sendTo({ to: name, domain: undefined }, body, around)) === 'here') settle(false);
  } catch {
    settle(lost.aborted);
  }
  try {
    return await answered;
  } finally {
    alarm.cancel();
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
