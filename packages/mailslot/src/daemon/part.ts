import type { Socket } from 'node:net';
import { LINGER_MS } from '../limits.js';
import type { Clock } from '../ports/clock.js';

/**
 * Says a last word to who was refused. What still comes is read and thrown away for a moment: were it not, the system
 * would take back the last word from who is still writing.
 */
export function refuse(socket: Socket, lastWord: string, clock: Clock): void {
  if (socket.destroyed) return;
  socket.end(lastWord);
  socket.resume();
  endSoon(socket, clock);
}

/** Says a last word, if it can be said at once, to who has to go so that others find room. */
export function partFrom(socket: Socket, lastWord: string | Uint8Array, clock: Clock): void {
  if (socket.destroyed) return;
  // Who has not read what was sent already will not read the last of it either.
  if (socket.writableEnded || socket.writableLength > 0) {
    socket.destroy();
    return;
  }
  endSoon(socket, clock);
  socket.end(lastWord, () => socket.destroy());
}

function endSoon(socket: Socket, clock: Clock): void {
  const alarm = clock.afterIdle(LINGER_MS, () => socket.destroy());
  socket.once('close', () => alarm.cancel());
}
