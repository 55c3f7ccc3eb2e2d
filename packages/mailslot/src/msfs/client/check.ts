import { isUint8Array } from 'node:util/types';
import { MailslotError } from '../../errors.js';
import { formatName, parseName, type SlotName } from '../../name/slot-name.js';
import { invalid } from '../options.js';

/** Whether the server really is the one of that name: file names are hashes, and anybody may squat on one. */
export function isNamed(greeted: string, name: SlotName): boolean {
  if (greeted === formatName(name)) return true;
  try {
    return parseName(greeted).key === name.key;
  } catch {
    return false;
  }
}

/** A message's size, when a slot with that limit takes it. */
export function checkedSize(data: string | Uint8Array, name: string, limit: number): number {
  const size = sizeOf(data);
  if (size <= limit) return size;
  const remedy = name.startsWith('//')
    ? 'send it in parts, since no more goes to other computers at once'
    : 'send less, or create the slot with a larger maxMessageSize (and queue)';
  throw new MailslotError(
    'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    `a message of ${size} bytes is longer than the ${limit} that ${name} takes`,
    { size, limit, remedy },
  );
}

function sizeOf(data: string | Uint8Array): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  if (isUint8Array(data)) return data.length;
  throw invalid('a message', 'a string or a Uint8Array', nameOf(data));
}

/** What is shown of it: of a number itself, for a string of digits would do; of what may be long, what it is. */
function nameOf(value: unknown): unknown {
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return value;
  const { name } = value.constructor ?? {};
  return typeof name === 'string' ? name : 'object';
}

export function queueFull(name: string, messages: number): MailslotError {
  const what = messages === 1 ? '1 message was' : `${messages} messages were`;
  const text = `the queue of ${name} is full: ${what} refused`;
  return new MailslotError('ERR_MAILSLOT_QUEUE_FULL', text, { messages, remedy: 'try again later' });
}

export function goneError(name: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_CLOSED',
    `the mailslot ${name} is gone: its server closed it or ended`,
    { remedy: 'open it again when it is back' },
  );
}
