import { isId, isTime, messageOf } from './body.js';
import { MESSENGER, nameOrNothing } from './name.js';
import type { Note, Receipt, ReceiptKind } from './note.js';

/* Normative: docs/wire/messenger.md, section 5. */

/** What one line of a history tells. */
export type HistoryLine =
  | { readonly note: Note }
  | { readonly own: string }
  | { readonly read: readonly string[] }
  | { readonly receipt: Receipt; readonly of: string };

type Json = Readonly<Record<string, unknown>>;

export function noteLine(note: Note): string {
  const { isRead, receipts, isOwn, isNotice, authenticated, level, ...rest } = note;
  return JSON.stringify({
    note: {
      ...rest,
      ...(level !== 'info' && { level }),
      ...(authenticated && { authenticated }),
      ...(isOwn && { isOwn }),
      ...(isNotice && { isNotice }),
    },
  });
}

export function ownLine(id: string): string {
  return JSON.stringify({ own: id });
}

export function readLine(ids: readonly string[], time: number): string {
  return JSON.stringify({ read: ids, time });
}

export function receiptLine(of: string, receipt: Receipt): string {
  return JSON.stringify({ receipt: { of, ...receipt } });
}

/** `undefined` for what is no line of ours: torn, edited by hand, or of a later version. */
export function parseLine(line: string): HistoryLine | undefined {
  try {
    const { note, own, read, receipt } = objectOf(JSON.parse(line));
    if (note !== undefined) return { note: noteOf(objectOf(note)) };
    if (isId(own)) return { own };
    if (Array.isArray(read)) return { read: read.filter(isId) };
    return receipt === undefined ? undefined : receiptOf(objectOf(receipt));
  } catch {
    return undefined;
  }
}

function noteOf(fields: Json): Note {
  const isNotice = fields['isNotice'] === true;
  const said = messageOf(fields, isNotice ? MESSENGER : undefined);
  const { id, from, time, to, text, level, ttl, thread, wants, reply } = said;
  const { computer, authenticated, receivedAt } = fields;
  const isOwn = fields['isOwn'] === true;
  if (!isTime(receivedAt)) throw new TypeError('when it came is missing');
  return {
    id,
    from,
    computer: textOrNothing(computer),
    authenticated: authenticated === true,
    to,
    text,
    level,
    time,
    receivedAt,
    ttl,
    thread,
    wants,
    reply,
    isOwn,
    isRead: isOwn,
    isNotice,
    receipts: [],
  };
}

function receiptOf({ of, name, computer, kind, time }: Json): HistoryLine | undefined {
  const known = nameOrNothing(name);
  if (!isId(of) || known === undefined || !isTime(time)) return undefined;
  if (kind !== 'delivered' && kind !== 'read') return undefined;
  return {
    of,
    receipt: { name: known, computer: textOrNothing(computer), kind: kind satisfies ReceiptKind, time },
  };
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function objectOf(value: unknown): Json {
  if (typeof value === 'object' && value !== null) return value as Json;
  throw new TypeError('no object');
}
