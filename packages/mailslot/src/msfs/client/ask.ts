import { ByteWriter } from '../../bytes/writer.js';
import { MailslotError } from '../../errors.js';
import { onAbort } from '../abort.js';
import type { SlotInfo } from '../slot-info.js';
import { AnswerParser, INFO } from '../wire/frames.js';
import { type ConnectOptions, connectTo, silent } from './connect.js';

/**
 * Asks the server at `path` how its slot stands, on a connection of its own: on another one the question could
 * stand behind messages that wait for room. `undefined` when nobody listens there.
 */
export async function askInfo(path: string, options: ConnectOptions): Promise<SlotInfo | undefined> {
  const connection = await connectTo(path, options);
  if (!connection) return undefined;
  const { socket, hello, hear } = connection;
  const { clock, name, patienceMs, signal } = options;
  let finish = (): void => {};
  try {
    return await new Promise<SlotInfo>((resolve, reject) => {
      const answers = new AnswerParser();
      hear((chunk) => {
        try {
          for (const answer of answers.parse(chunk)) {
            if (answer.type === 'info') resolve(answer.info);
            if (answer.type === 'fault') reject(answer.error);
          }
        } catch (error) {
          reject(error);
        }
      });
      const gone = (): void =>
        reject(new MailslotError('ERR_MAILSLOT_CLOSED', `the slot ${name} was closed while it was asked`));
      socket.on('error', gone);
      socket.on('close', gone);
      const stopListening = onAbort(signal, () => reject(signal?.reason));
      const alarm = clock.after(patienceMs, () => reject(silent(name, 'it did not answer', patienceMs)));
      finish = () => {
        stopListening();
        alarm.cancel();
      };
      socket.write(new ByteWriter(hello.length + 4).slice(hello).u32(INFO).done());
    });
  } finally {
    finish();
    // As in `sendOnce`: a process that ends now need not wait for it.
    socket.unref();
    clock.afterIdle(0, () => socket.destroy());
  }
}
