import { ByteWriter } from '../../bytes/writer.js';
import { MailslotError } from '../../errors.js';
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
            if (answer.type === 'taken' && isOfTheOne(0, answer.count)) resolve();
            if (answer.type === 'refused' && isOfTheOne(answer.first, answer.count))
              reject(queueFull(name, 1));
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

/** Whether an answer of so many messages speaks of the only one; else of none. */
function isOfTheOne(first: number, count: number): boolean {
  if (first + count <= 1) return count === 1;
  throw new MailslotError('ERR_MAILSLOT_MALFORMED', 'the server speaks of messages that were not sent');
}
