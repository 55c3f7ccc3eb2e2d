import { ByteWriter } from '../../bytes/writer.js';
import { MailslotError } from '../../errors.js';
import { parseName } from '../../name/slot-name.js';
import { onAbort } from '../abort.js';
import type { SlotFinder } from '../namespace/name-space.js';
import type { SlotInfo } from '../slot-info.js';
import { AnswerParser, INFO } from '../wire/frames.js';
import { type ConnectOptions, connectSeen, silent } from './connect.js';

/**
 * Asks the server at `path` how its slot stands, on a connection of its own: on another one the question could
 * stand behind messages that wait for room. `undefined` when nobody listens there. What the system knows better is
 * compared: who says to be another user's, or under another's name, is not believed anything.
 */
export async function askInfo(
  path: string,
  slots: SlotFinder,
  options: ConnectOptions,
): Promise<SlotInfo | undefined> {
  const begun = options.clock.monotonic();
  const connection = await connectSeen(path, slots, options);
  if (!connection) return undefined;
  const { socket, hello, hear, owner } = connection;
  const { clock, name, patienceMs, signal } = options;
  let finish = (): void => {};
  try {
    return await new Promise<SlotInfo>((resolve, reject) => {
      const answers = new AnswerParser();
      hear((chunk) => {
        try {
          for (const answer of answers.parse(chunk)) {
            if (answer.type === 'info') resolve(believed(answer.info, owner, path, slots));
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
      const leftMs = Math.max(0, patienceMs - (clock.monotonic() - begun));
      const alarm = clock.after(leftMs, () => reject(silent(name, 'it did not answer', patienceMs)));
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

/** The answer, with the owner that the system tells. */
function believed(info: SlotInfo, owner: number | undefined, path: string, slots: SlotFinder): SlotInfo {
  if (!isPlaceOf(info.name, path, slots)) {
    throw malformed(`the slot at ${path} says that its name is ${info.name}, whose place is elsewhere`);
  }
  if (owner !== undefined && info.owner !== owner) {
    throw malformed(
      `the slot ${info.name} says that it is of uid ${info.owner ?? 'none'}, its place belongs to uid ${owner}`,
    );
  }
  return { ...info, owner };
}

function isPlaceOf(told: string, path: string, slots: SlotFinder): boolean {
  try {
    return slots.isPlaceOf(parseName(told), path);
  } catch {
    return false;
  }
}

function malformed(text: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_MALFORMED', `${text}: nothing it says can be believed`);
}
