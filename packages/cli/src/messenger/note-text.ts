import type { Note } from 'mailslot/messenger';
import { escapeSentence, escapeText } from '../terminal/escape.js';

/** A message for people as one line, from which its text can be had back: its escapes are those of `listen`. */
export function noteLine(note: Note): string {
  return `${headOf(note)}: ${escapeText(note.text)}`;
}

/** Characters and lines of a message that a conversation shows; the inbox has all of it. */
const CHARACTERS_SHOWN = 4000;
const LINES_SHOWN = 30;

/**
 * A message for people as a conversation shows it: its line breaks are obeyed, and what follows them is set in, so that it
 * cannot pass for another message.
 */
export function noteLines(note: Note): readonly string[] {
  const { text } = note;
  const all = text.slice(0, CHARACTERS_SHOWN).split(/\r\n|[\r\n]/);
  const lines = all.slice(0, LINES_SHOWN).map(escapeSentence);
  const isCut = text.length > CHARACTERS_SHOWN || all.length > LINES_SHOWN;
  const [first = '', ...more] = isCut ? [...lines, '… (the rest: mailslot inbox)'] : lines;
  return [`${timeOf(note)} ${headOf(note)}: ${first}`, ...more.map((line) => `         ${line}`)];
}

/**
 * `PC3/ANNA to BOB: [alert]`: the computer first, because it is known, and the sender's name by its own word. Neither can
 * have a slash in it.
 */
function headOf(note: Note): string {
  const { to, level, isNotice } = note;
  if (isNotice) return '[mailslot]';
  const urgency = level === 'info' ? '' : ` [${level}]`;
  return escapeText(`${senderOf(note)}${to === '*' ? '' : ` to ${to}`}${urgency}`);
}

/** `PC3/ANNA`, and how sure that is; as others wrote it. */
export function senderOf({ from, computer, authenticated, isOwn }: Note): string {
  if (isOwn || computer === undefined) return from;
  return `${authenticated ? '' : 'unverified '}${computer}/${from}`;
}

/** When it came, by the clock on the wall here. */
function timeOf({ receivedAt }: Note): string {
  return localTime(receivedAt).slice(11);
}

/** `2026-11-22 09:05:00` */
export function localTime(ms: number): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** What `--json` shows of a message. */
export function noteRecord(note: Note): Record<string, unknown> {
  const { computer, time, receivedAt, ttl, thread, wants, reply: _, receipts, ...rest } = note;
  return {
    ...rest,
    computer: computer ?? null,
    time: new Date(time).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    ttl: ttl ?? null,
    thread: thread ?? null,
    wants: wants ?? null,
    receipts: receipts.map((each) => ({
      ...each,
      computer: each.computer ?? null,
      time: new Date(each.time).toISOString(),
    })),
  };
}
