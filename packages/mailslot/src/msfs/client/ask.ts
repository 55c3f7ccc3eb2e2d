import { ByteWriter } from '../../bytes/writer.js';
import { MailslotError } from '../../errors.js';
import type { SlotInfo } from '../slot-info.js';
import { AnswerParser, INFO } from '../wire/frames.js';
import { type ConnectOptions, connectTo } from './connect.js';

/**
 * Asks the server at `path` how its slot stands, on a connection of its own: on another one the question could
 * stand behind messages that wait for room. `undefined` when nobody listens there.
 */
export async function askInfo(path: string, options: ConnectOptions): Promise<SlotInfo | undefined> {
  const connection = await connectTo(path, options);
  if (!connection) return undefined;
  const { socket, hello, hear } = connection;
  const { signal } = options;
  let abort = (): void => {};
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
        reject(
          new MailslotError('ERR_MAILSLOT_CLOSED', `the slot ${options.name} was closed while it was asked`),
        );
      socket.on('error', gone);
      socket.on('close', gone);
      abort = () => reject(signal?.reason);
      signal?.addEventListener('abort', abort);
      socket.write(new ByteWriter(hello.length + 4).slice(hello).u32(INFO).done());
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    // As in `sendOnce`: a process that ends now need not wait for it.
    socket.unref();
    options.clock.afterIdle(0, () => socket.destroy());
  }
}
