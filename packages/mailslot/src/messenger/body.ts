import { MailslotError } from '../errors.js';
import { MAX_NOTE_BYTES, MAX_NOTE_TEXT, MAX_NOTE_TTL } from '../limits.js';
import { addresseeOrNothing, isReplySlot, nameOrNothing } from './name.js';
import type { Level, ReceiptKind } from './note.js';

/* Normative: docs/wire/messenger.md, section 2. */

/** What is said of a message for people. */
export interface MessageBody {
  readonly kind: 'message';
  readonly id: string;
  readonly from: string;
  readonly time: number;
  readonly to: string;
  readonly text: string;
  readonly level: Level;
  readonly ttl: number | undefined;
  readonly thread: string | undefined;
  readonly wants: ReceiptKind | undefined;
  readonly reply: string | undefined;
}

export interface ReceiptBody {
  readonly kind: ReceiptKind;
  readonly from: string;
  readonly time: number;
  readonly of: string;
}

/** Has somebody this name? */
export interface WhoBody {
  readonly kind: 'who';
  readonly id: string;
  readonly from: string;
  readonly time: number;
  readonly name: string;
  readonly reply: string;
}

interface MineBody {
  readonly kind: 'mine';
  readonly from: string;
  readonly time: number;
  readonly of: string;
  readonly name: string;
}

export type Body = MessageBody | ReceiptBody | WhoBody | MineBody;

type Json = Readonly<Record<string, unknown>>;

const LEVELS: readonly unknown[] = ['info', 'warning', 'alert'];
const KINDS: readonly unknown[] = ['delivered', 'read'];
const ID = /^[0-9a-f]{16}$/;
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
const OPENING = 0x7b;

/** A body as it is sent. Throws `ERR_MAILSLOT_MESSAGE_TOO_LARGE`. */
export function encodeBody(body: Body): Buffer {
  const isPlain = body.kind === 'message' && body.level === 'info';
  const bytes = Buffer.from(JSON.stringify({ v: 1, ...body, ...(isPlain && { level: undefined }) }));
  if (bytes.length <= MAX_NOTE_BYTES) return bytes;
  throw new MailslotError(
    'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    `the message takes ${bytes.length} bytes, and ${MAX_NOTE_BYTES} are carried`,
    { size: bytes.length, limit: MAX_NOTE_BYTES, remedy: 'make the text shorter, or send it in parts' },
  );
}

/** Whether this is a body of ours; else it can only be an old one. */
export function isBody(bytes: Uint8Array): boolean {
  return bytes[0] === OPENING;
}

/** What was said; `undefined` for a version or a kind that is not known. Throws `ERR_MAILSLOT_MALFORMED`. */
export function decodeBody(bytes: Uint8Array): Body | undefined {
  if (bytes.length > MAX_NOTE_BYTES) throw malformed('it is too long');
  const fields = parsed(bytes);
  if (fields['v'] !== 1) return undefined;
  const { kind } = fields;
  switch (kind) {
    case 'message':
      return messageOf(fields);
    case 'delivered':
    case 'read':
      return { kind, from: nameIn(fields, 'from'), time: timeIn(fields), of: idIn(fields, 'of') };
    case 'who':
      return {
        kind,
        id: idIn(fields, 'id'),
        from: nameIn(fields, 'from'),
        time: timeIn(fields),
        name: nameIn(fields, 'name'),
        reply: needed('reply', replyIn(fields)),
      };
    case 'mine':
      return {
        kind,
        from: nameIn(fields, 'from'),
        time: timeIn(fields),
        of: idIn(fields, 'of'),
        name: nameIn(fields, 'name'),
      };
    default:
      return undefined;
  }
}

/** The fields of a message, checked, but for a `from` that is known already. Throws `ERR_MAILSLOT_MALFORMED`. */
export function messageOf(fields: Json, from: string = nameIn(fields, 'from')): MessageBody {
  return {
    kind: 'message',
    id: idIn(fields, 'id'),
    from,
    time: timeIn(fields),
    to: needed('to', addresseeOrNothing(fields['to'])),
    text: textIn(fields),
    level: (optional(fields, 'level', (value) => LEVELS.includes(value)) ?? 'info') as Level,
    ttl: optional(fields, 'ttl', isTtl) as number | undefined,
    thread: optional(fields, 'thread', isId) as string | undefined,
    wants: optional(fields, 'wants', (value) => KINDS.includes(value)) as ReceiptKind | undefined,
    reply: replyIn(fields),
  };
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

export function isTtl(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MAX_NOTE_TTL;
}

/** Whether this can be when something was sent, or came: a clock that was never set is as wrong as one of the far future. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= EARLIEST && (value as number) < LATEST;
}

/** A text as it is carried: what cannot be said in UTF-8 becomes U+FFFD. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

export function malformed(reason: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_MALFORMED', `this is no message for people: ${reason}`);
}

function parsed(bytes: Uint8Array): Json {
  if (!isBody(bytes)) throw malformed('it does not begin with {');
  try {
    // What begins so and is JSON is an object.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw malformed('it is not JSON in UTF-8');
  }
}

function textIn(fields: Json): string {
  const { text } = fields;
  if (typeof text !== 'string' || text === '') throw malformed('it has no text');
  const carried = wellFormed(text);
  if (Buffer.byteLength(carried) > MAX_NOTE_TEXT) throw malformed('its text is too long');
  return carried;
}

function replyIn(fields: Json): string | undefined {
  return optional(fields, 'reply', isReplySlot) as string | undefined;
}

function timeIn(fields: Json): number {
  return needed('time', optional(fields, 'time', isTime) as number | undefined);
}

function nameIn(fields: Json, field: string): string {
  return needed(field, nameOrNothing(fields[field]));
}

function idIn(fields: Json, field: string): string {
  return needed(field, optional(fields, field, isId) as string | undefined);
}

function optional(fields: Json, field: string, isRight: (value: unknown) => boolean): unknown {
  const value = fields[field];
  if (value === undefined || isRight(value)) return value;
  throw malformed(`${field} is not what it should be`);
}

function needed<T>(field: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw malformed(`${field} is missing or not what it should be`);
}
