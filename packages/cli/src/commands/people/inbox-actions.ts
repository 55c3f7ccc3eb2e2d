import {
  type History,
  type Messenger,
  messengerFolder,
  type Note,
  openHistory,
  startMessenger,
} from 'mailslot/messenger';
import { localTime, noteLine, noteRecord } from '../../messenger/note-text.js';
import type { Receipts } from '../../messenger/receipts.js';
import { quietUntil, setQuiet } from '../../popups/quiet.js';
import { jsonLine } from '../../terminal/escape.js';
import { UsageError } from '../../terminal/exit.js';
import { print, tell } from '../../terminal/output.js';
import { type ReportOptions, report } from '../../terminal/report.js';
import { diesOf, forever, untilSignal } from '../../terminal/until-signal.js';

export interface InboxOptions extends ReportOptions {
  readonly root?: string;
  readonly follow?: boolean;
  readonly unread?: boolean;
  readonly search?: string;
  readonly limit?: number;
  readonly receipts?: Receipts;
}

/** What an inbox shows unless it is told otherwise. */
const LIMIT = 100;

/** Messages that are printed in one call: a few, since each may have 60,000 bytes. */
const BATCH = 50;

/** Prints what is in the history and, with `follow`, what comes. */
export async function showInbox(options: InboxOptions): Promise<void> {
  if (options.receipts !== undefined && !options.follow) {
    throw new UsageError('--receipts is for who receives: it needs --follow');
  }
  if (options.follow) return follow(options);
  const history = openHistory();
  const notes = found(history, options, options.limit ?? LIMIT);
  await printNotes(notes, options);
  if (notes.length === 0 && !options.json)
    tell(options.search === undefined ? 'no messages\n' : 'no message matches\n');
}

function found(history: History, { search, unread }: InboxOptions, limit: number): Note[] {
  return history.notes({ search, unreadOnly: unread, limit });
}

/** With a messenger of its own: where another one has the names, that one receives, and both have one history. */
async function follow(options: InboxOptions): Promise<void> {
  const { root, receipts } = options;
  const messenger = await startMessenger({ root, receipts });
  const ending = untilSignal(() => messenger.close());
  try {
    // A messenger whose names another one has does not keep this process alive.
    await Promise.race([printAsTheyCome(messenger, options, ending.stop), forever()]);
  } catch (error) {
    if (!ending.stop.aborted) throw error;
  } finally {
    await messenger.close();
  }
  await diesOf(ending);
}

async function printAsTheyCome(
  messenger: Messenger,
  options: InboxOptions,
  signal: AbortSignal,
): Promise<void> {
  const { history } = messenger;
  const before = found(history, options, options.limit ?? LIMIT);
  // What comes while a slow reader holds us up waits in the history, not here.
  let fresh = 0;
  let wake = (): void => {};
  signal.addEventListener('abort', () => wake());
  messenger.onNote(() => {
    fresh += 1;
    wake();
  });
  await printNotes(before, options);
  while (!signal.aborted) {
    const latest = new Set(history.notes({ limit: fresh }).map(({ id }) => id));
    const fitting = found(history, options, fresh).filter(({ id }) => latest.has(id));
    fresh = 0;
    await printNotes(fitting, options);
    if (fresh > 0 || signal.aborted) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

async function printNotes(notes: readonly Note[], { json }: InboxOptions): Promise<void> {
  for (let at = 0; at < notes.length; at += BATCH) {
    const some = notes.slice(at, at + BATCH);
    await print(some.map((note) => (json ? jsonLine(noteRecord(note)) : inboxLine(note))).join(''));
  }
}

function inboxLine(note: Note): string {
  const state = note.isOwn ? 'sent' : note.isRead ? 'read' : 'new ';
  return `${note.id}  ${localTime(note.receivedAt)}  ${state}  ${noteLine(note)}\n`;
}

/** Confirms messages by their ids, or all. */
export async function confirm(ids: readonly string[], options: InboxOptions): Promise<void> {
  const history = openHistory();
  const all = ids.includes('all');
  if (all && ids.length > 1) throw new UsageError("either ids or 'all'");
  const missing = all ? undefined : ids.find((id) => history.note(id) === undefined);
  if (missing !== undefined) {
    throw new UsageError(`no message ${missing}; "mailslot inbox --unread" shows the ids`);
  }
  const before = history.unread;
  history.markRead(...(all ? history.notes({ unreadOnly: true }).map(({ id }) => id) : ids));
  const { unread } = history;
  const read = before - unread;
  await report({ read, unread }, `${read} confirmed, ${unread} unread\n`, options);
}

/** Do not disturb for so many milliseconds, 0 to end it; without, how it stands. */
export async function quiet(ms: number | undefined, { json }: InboxOptions): Promise<void> {
  const folder = messengerFolder(process.env);
  const now = Date.now();
  if (ms !== undefined) setQuiet(folder, ms > 0 ? now + ms : undefined);
  const until = quietUntil(folder, now);
  await print(json ? jsonLine(quietRecord(until)) : quietText(until));
}

function quietRecord(until: number | undefined): Record<string, unknown> {
  const ends = until !== undefined && until < Number.POSITIVE_INFINITY;
  return { quiet: until !== undefined, until: ends ? new Date(until).toISOString() : null };
}

function quietText(until: number | undefined): string {
  if (until === undefined) return 'off: pop-ups are for all messages\n';
  const end = until === Number.POSITIVE_INFINITY ? 'on' : `on until ${localTime(until)}`;
  return `${end}: pop-ups are for alerts only\n`;
}
