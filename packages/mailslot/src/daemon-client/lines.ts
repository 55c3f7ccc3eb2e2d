import type { Socket } from 'node:net';
import { GREETING_MS } from '../limits.js';
import { hungUp, silent } from '../msfs/client/connect.js';
import type { LineParser } from '../msfs/wire/preface.js';
import type { Clock } from '../ports/clock.js';

/**
 * Waits for the next line; `who` sends it. The socket is paused afterwards, and what came behind the line is in
 * `lines.rest`.
 *
 * Rejects with `ERR_MAILSLOT_MALFORMED`, `ERR_MAILSLOT_CLOSED` when the socket closes first, `ERR_MAILSLOT_TIMEOUT` after
 * ten seconds.
 */
export function nextLine(
  socket: Socket,
  lines: LineParser,
  who: string,
  clock: Clock,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      alarm.cancel();
      socket.removeListener('data', hear);
      socket.removeListener('close', gone);
      socket.pause();
    };
    const fail = (error: unknown): void => {
      finish();
      reject(error);
    };
    const alarm = clock.afterIdle(GREETING_MS, () => fail(silent(who, 'it said nothing', GREETING_MS)));
    const gone = (): void => fail(hungUp(who));
    const hear = (chunk: Buffer): void => {
      try {
        const line = lines.take(chunk);
        if (line === undefined) return;
        finish();
        resolve(line);
      } catch (error) {
        fail(error);
      }
    };
    socket.on('close', gone);
    socket.on('data', hear);
    socket.resume();
  });
}
