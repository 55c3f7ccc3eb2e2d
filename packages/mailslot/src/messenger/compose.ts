import { MailslotError } from '../errors.js';
import { MAX_NOTE_TEXT, MAX_NOTE_TTL } from '../limits.js';
import { invalid } from '../msfs/options.js';
import { isPossibleTime, wrongClock } from '../ports/wrong-clock.js';
import { isId, isTtl, type MessageBody, wellFormed } from './body.js';
import { addresseeOf, messengerName } from './name.js';
import type { Level, ReceiptKind } from './note.js';

/** What may be said of a message beside its text. */
export interface SendOptions {
  /** Default `info`. */
  readonly level?: Level | undefined;
  /** So many seconds it is worth showing, up to a year. Default: always. */
  readonly ttl?: number | undefined;
  /** The `id` of the note that began the conversation. */
  readonly thread?: string | undefined;
  /** Which receipts are asked for; `read` means both. Receivers need not give any. Default: none. */
  readonly wants?: ReceiptKind | undefined;
  /** Another domain of this computer than the primary one. */
  readonly domain?: string | undefined;
  /**
   * Whether it is sent to a name without asking first if anybody has it. Default false: a name that nobody answers to within
   * half a second is an error.
   */
  readonly anyway?: boolean | undefined;
  /** The name it is sent under. Default: the user's. */
  readonly from?: string | undefined;
  /** Ends the attempt to send it. */
  readonly signal?: AbortSignal | undefined;
}

const LEVELS: readonly unknown[] = ['info', 'warning', 'alert'];
const KINDS: readonly unknown[] = [undefined, 'delivered', 'read'];

/** The message that was asked for, checked. Throws `ERR_MAILSLOT_INVALID_ARGUMENT`, `ERR_MAILSLOT_MESSAGE_TOO_LARGE`. */
export function compose(
  { id, from, time, reply }: { id: string; from: string; time: number; reply: string },
  to: string,
  text: string,
  { level = 'info', ttl, thread, wants }: SendOptions,
): MessageBody {
  if (!isPossibleTime(time)) throw wrongClock(time);
  if (!LEVELS.includes(level)) throw invalid('level', "'info', 'warning' or 'alert'", level);
  if (ttl !== undefined && !isTtl(ttl))
    throw invalid('ttl', `a whole number of seconds from 1 to ${MAX_NOTE_TTL}`, ttl);
  if (thread !== undefined && !isId(thread)) throw invalid('thread', 'the id of a note', thread);
  if (!KINDS.includes(wants)) throw invalid('wants', "'delivered' or 'read'", wants);
  return {
    kind: 'message',
    id,
    from: messengerName(from),
    time,
    to: addresseeOf(to),
    text: checkedText(text),
    level,
    ttl,
    thread,
    wants,
    reply: wants === undefined ? undefined : reply,
  };
}

function checkedText(text: string): string {
  if (typeof text !== 'string') throw invalid('the text', 'a text', text);
  if (text === '') {
    throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', 'the message has no text', {
      remedy: 'write one, nothing was sent',
    });
  }
  // Sent as it is or not at all: half a pair would arrive as another character.
  if (wellFormed(text) !== text)
    throw invalid('the text', 'well-formed, without half of a surrogate pair', text);
  const size = Buffer.byteLength(text);
  if (size <= MAX_NOTE_TEXT) return text;
  throw new MailslotError(
    'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    `the text has ${size} bytes, and ${MAX_NOTE_TEXT} are carried`,
    { size, limit: MAX_NOTE_TEXT, remedy: 'make it shorter, or send it in parts' },
  );
}
