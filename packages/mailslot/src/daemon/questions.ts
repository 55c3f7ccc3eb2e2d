import type { Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import { GREETING_MS } from '../limits.js';
import { encodeLine } from '../msfs/wire/preface.js';
import type { Clock } from '../ports/clock.js';

export type Question = Readonly<Record<string, unknown>>;

/** What can be asked at the control socket: each answer is a line, until the asker hangs up or there are no more. */
export type Answers = Readonly<
  Record<string, (question: Question, signal: AbortSignal) => AsyncIterable<object>>
>;

/**
 * Answers a question, and ends the connection. Rejects with `ERR_MAILSLOT_INVALID_ARGUMENT` when nobody knows what to answer.
 * Who does not read an answer for ten seconds is not waited for.
 */
export async function giveAnswer(
  socket: Socket,
  question: Question,
  answers: Answers,
  clock: Clock,
): Promise<void> {
  const asked = String(question['do']);
  const answer = Object.hasOwn(answers, asked) ? answers[asked] : undefined;
  if (answer === undefined) {
    throw new MailslotError(
      'ERR_MAILSLOT_INVALID_ARGUMENT',
      `this redirector cannot "${asked}": it may be older than who asks`,
      { remedy: `start it again ("mailslot serve")` },
    );
  }
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  socket.resume();
  for await (const line of answer(question, gone.signal)) {
    if (gone.signal.aborted) return;
    if (!socket.write(encodeLine(line))) await drained(socket, clock);
  }
  socket.end();
}

/** Resolves when what was written is on its way, or the connection has ended. */
function drained(socket: Socket, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const alarm = clock.afterIdle(GREETING_MS, () => socket.destroy());
    const go = (): void => {
      alarm.cancel();
      socket.removeListener('drain', go);
      socket.removeListener('close', go);
      resolve();
    };
    socket.on('drain', go);
    socket.on('close', go);
  });
}
