import { ByteWriter } from '../../bytes/writer.js';
import type { Clock } from '../../ports/clock.js';
import { onAbort } from '../abort.js';
import { AnswerParser, SYNC } from '../wire/frames.js';
import { checkedSize, goneError, queueFull } from './check.js';
import type { Connection } from './connect.js';

/**
 * Sends one message on a connection of its own and ends it; resolves when the message is in the queue. Without the
 * packing and accounting of a client that stays, which is what a process that sends one message spends its time on.
 */
export async function sendOnce(
  { socket, greeting, hello, hear }: Connection,
  data: string | Uint8Array,
  signal: AbortSignal | undefined,
  clock: Clock,
): Promise<void> {
  const { name, messageLimit } = greeting;
  let stopListening = (): void => {};
  try {
    signal?.throwIfAborted();
    const size = checkedSize(data, name, messageLimit);
    await new Promise<void>((resolve, reject) => {
      const answers = new AnswerParser();
      hear((chunk) => {
        try {
          for (const answer of answers.parse(chunk)) {
            if (answer.type === 'taken' && answer.count === 1) resolve();
            if (answer.type === 'refused') reject(queueFull(name, 1));
            if (answer.type === 'fault') reject(answer.error);
          }
        } catch (error) {
          reject(error);
        }
      });
      socket.on('error', () => reject(goneError(name)));
      socket.on('close', () => reject(goneError(name)));
      stopListening = onAbort(signal, () => reject(signal?.reason));
      const body = typeof data === 'string' ? Buffer.from(data) : data;
      socket.write(
        new ByteWriter(hello.length + 4 + size + 4).slice(hello).u32(size).slice(body).u32(SYNC).done(),
      );
    });
  } finally {
    stopListening();
    // A process that ends now need not wait for the socket to be closed with care: that takes 3 % of its time.
    socket.unref();
    clock.afterIdle(0, () => socket.destroy());
  }
}
