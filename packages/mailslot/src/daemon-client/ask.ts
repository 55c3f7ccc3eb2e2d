import { MailslotError } from '../errors.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import type { SlotFinder } from '../msfs/namespace/name-space.js';
import { REDIRECTOR } from '../msfs/namespace/reserved.js';
import { ownerOfRoot } from '../msfs/namespace/root.js';
import type { WaitOptions } from '../msfs/options.js';
import { fromSystem } from '../msfs/system-error.js';
import { LineParser, throwIfError } from '../msfs/wire/preface.js';
import { realPorts } from '../ports/ports.js';
import { callAt } from './call.js';
import { checkAnswer } from './check-answer.js';
import { locateRedirector } from './locate.js';

/** What can be asked of a redirector that runs. */
export interface RedirectorQuestion {
  readonly do: 'status' | 'computers' | 'watch' | 'self' | 'probe' | 'reload' | 'stop';
}

/**
 * Asks the redirector of a root, which must run; none is started. Each object of the answer comes as soon as it is
 * there; of `watch` they come until the signal aborts.
 *
 * `reload` and `stop` are for the owner of the root alone.
 *
 * Throws `ERR_MAILSLOT_NOT_FOUND` when none runs, `ERR_MAILSLOT_ACCESS_DENIED`, `ERR_MAILSLOT_CLOSED` when it ends in the midst of its answer,
 * `ERR_MAILSLOT_MALFORMED` when it answers something else, any error that it answers, and the signal's reason.
 */
export async function* callRedirector(
  question: RedirectorQuestion,
  options: WaitOptions & { readonly root?: string | undefined } = {},
): AsyncGenerator<Record<string, unknown>> {
  const slots = findSlots(options.root);
  const path = locateRedirector(slots);
  if (path === undefined) {
    throw new MailslotError(
      'ERR_MAILSLOT_NOT_FOUND',
      `no redirector runs in ${slots.root}: run "mailslot serve", or look in another root (MAILSLOT_ROOT)`,
    );
  }
  yield* linesOf(path, question, options.signal, (mark) => show(slots, mark));
}

/** Shows to be the redirector's owner, whom alone it obeys. */
function show(slots: SlotFinder, mark: number): void {
  try {
    slots.mark(REDIRECTOR, mark);
  } catch (cause) {
    throw new MailslotError(
      'ERR_MAILSLOT_ACCESS_DENIED',
      `the redirector of ${slots.root} obeys uid ${ownerOfRoot(slots.root)} alone, who owns that folder`,
      { cause, remedy: 'do this as that user' },
    );
  }
}

/** What the redirector at `path` answers, without the line that only agrees. Any line may be an error, which is thrown. */
export async function* linesOf(
  path: string,
  question: RedirectorQuestion,
  signal: AbortSignal | undefined,
  mark?: (seconds: number) => void,
): AsyncGenerator<Record<string, unknown>> {
  const { socket, answer, rest } = await callAt(path, question, realPorts, signal, mark);
  const abort = (): void => void socket.destroy();
  signal?.addEventListener('abort', abort);
  try {
    if (!('ok' in answer)) yield checkAnswer(question.do, answer);
    const lines = new LineParser();
    if (rest.length > 0) socket.unshift(rest);
    for await (const chunk of socket) {
      for (let line = lines.take(chunk as Buffer); line; line = lines.take(Buffer.alloc(0))) {
        throwIfError(line);
        yield checkAnswer(question.do, line);
      }
    }
    signal?.throwIfAborted();
  } catch (error) {
    signal?.throwIfAborted();
    throw fromSystem(error, 'hear what the redirector answers');
  } finally {
    signal?.removeEventListener('abort', abort);
    socket.destroy();
  }
}
