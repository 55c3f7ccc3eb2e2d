import { connect, type Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import { BUSY_RETRY_MS, GREETING_MS } from '../limits.js';
import { onAbort } from '../msfs/abort.js';
import { delay, hungUp, silent } from '../msfs/client/connect.js';
import { fromSystem, peerState } from '../msfs/system-error.js';
import { encodeLine, LineParser, throwIfError } from '../msfs/wire/preface.js';
import type { Ports } from '../ports/ports.js';

/** A connection on which the redirector has agreed to what was asked. */
export interface Call {
  readonly socket: Socket;
  readonly answer: Record<string, unknown>;
  /** What came behind the answer. */
  readonly rest: Buffer;
}

const NAME = 'the redirector';

/**
 * Connects to the redirector at `path` and asks. A number that it wants to see as a mark goes to `mark` first.
 *
 * Rejects with the error that it answers, `ERR_MAILSLOT_NOT_FOUND` when nobody listens there, `ERR_MAILSLOT_CLOSED`
 * when it hangs up, `ERR_MAILSLOT_TIMEOUT` when it does not answer, and the signal's reason.
 */
export async function callAt(
  path: string,
  question: object,
  ports: Ports,
  signal?: AbortSignal,
  mark: (seconds: number) => void = () => {},
): Promise<Call> {
  const deadline = ports.clock.monotonic() + GREETING_MS;
  for (;;) {
    const call = await attemptAt(path, question, ports, signal, mark);
    if (call !== 'busy') return call;
    if (ports.clock.monotonic() > deadline) throw silent(NAME, 'its backlog stayed full', GREETING_MS);
    await delay(ports.clock, BUSY_RETRY_MS);
    signal?.throwIfAborted();
  }
}

function attemptAt(
  path: string,
  question: object,
  ports: Ports,
  signal: AbortSignal | undefined,
  mark: (seconds: number) => void,
): Promise<Call | 'busy'> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const lines = new LineParser();
    const finish = (): void => {
      alarm.cancel();
      stopListening();
      for (const event of ['data', 'close', 'error']) socket.removeAllListeners(event);
      socket.on('error', () => {});
    };
    const fail = (error: unknown): void => {
      finish();
      socket.destroy();
      reject(error);
    };
    const alarm = ports.clock.after(GREETING_MS, () => fail(silent(NAME, 'it did not answer', GREETING_MS)));
    const stopListening = onAbort(signal, () => fail(signal?.reason));
    socket.on('data', (chunk: Buffer) => {
      try {
        const answer = lines.take(chunk);
        if (answer === undefined) return;
        throwIfError(answer);
        if (typeof answer['mark'] === 'number') {
          mark(answer['mark']);
          socket.write(encodeLine({ marked: true }));
          return;
        }
        finish();
        socket.pause();
        resolve({ socket, answer, rest: lines.rest });
      } catch (error) {
        fail(error);
      }
    });
    socket.on('error', (error) => {
      if (peerState(error) !== 'busy') return fail(failure(error));
      finish();
      resolve('busy');
    });
    socket.on('close', () => fail(hungUp(NAME)));
    socket.write(encodeLine(question));
  });
}

function failure(cause: Error): MailslotError {
  const state = peerState(cause);
  if (state === 'ended') return hungUp(NAME);
  if (state !== 'gone' && state !== 'dead') return fromSystem(cause, 'ask the redirector');
  return new MailslotError('ERR_MAILSLOT_NOT_FOUND', 'the redirector that was here has ended', { cause });
}
