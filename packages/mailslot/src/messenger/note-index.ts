import { HISTORY_NOTES, HISTORY_OWN, HISTORY_TEXT, MAX_RECEIPTS } from '../limits.js';
import type { HistoryLine } from './history-lines.js';
import type { Note, Receipt } from './note.js';

/** Something happened to a history, in this process or another one. */
export type HistoryEvent =
  | { readonly kind: 'note'; readonly note: Note }
  /** A note is confirmed now, or got a receipt. */
  | { readonly kind: 'change'; readonly note: Note; readonly what: 'read' | 'receipt' };

interface Entry {
  note: Note;
  readonly file: number;
  /** Of its text. */
  readonly bytes: number;
  /** One more than that of the note before it. */
  readonly place: number;
}

/** The notes of a history as its lines tell, in memory: the latest {@link HISTORY_NOTES} with {@link HISTORY_TEXT} bytes. */
export class NoteIndex {
  private readonly entries = new Map<string, Entry>();
  private order: Entry[] = [];
  /** How many of the first in `order` are forgotten. */
  private gone = 0;
  private readonly own = new Set<string>();
  private places = 0;
  private latest = 0;
  private bytes = 0;
  private unreadCount = 0;

  get unread(): number {
    return this.unreadCount;
  }

  note(id: string): Note | undefined {
    return this.entries.get(id)?.note;
  }

  isAnnounced(id: string): boolean {
    return this.own.has(id);
  }

  /** The note, not before those that are there: the time tells the order, and a clock may be set back. */
  inOrder(note: Note): Note {
    return note.receivedAt < this.latest ? { ...note, receivedAt: this.latest } : note;
  }

  /** From the latest to the earliest, of those before the note of that id. */
  *backwards(before: string | undefined): Generator<Note> {
    const end = before === undefined ? this.order.length : this.indexOf(before);
    for (let at = end - 1; at >= this.gone; at -= 1) yield (this.order[at] as Entry).note;
  }

  /** What a line changes is told to `tell`. */
  take(line: HistoryLine, file: number, tell: (event: HistoryEvent) => void): void {
    if ('note' in line) this.takeNote(line.note, file, tell);
    else if ('own' in line) this.takeOwn(line.own);
    else if ('receipt' in line) this.takeReceipt(line.of, line.receipt, tell);
    else for (const id of line.read) this.takeRead(id, tell);
  }

  /** Forgets what was in files that are gone, and what is too much. */
  forget(lowestFile: number): void {
    for (let entry = this.order[this.gone]; entry; entry = this.order[this.gone]) {
      if (entry.file >= lowestFile && !this.isTooMuch()) break;
      this.entries.delete(entry.note.id);
      this.bytes -= entry.bytes;
      if (!entry.note.isRead) this.unreadCount -= 1;
      this.gone += 1;
    }
    // Now and then, and not for each one that is forgotten.
    if (this.gone <= this.entries.size) return;
    this.order = this.order.slice(this.gone);
    this.gone = 0;
  }

  private isTooMuch(): boolean {
    return this.entries.size > HISTORY_NOTES || this.bytes > HISTORY_TEXT;
  }

  private takeNote(said: Note, file: number, tell: (event: HistoryEvent) => void): void {
    if (this.entries.has(said.id)) return;
    // Two processes that write at once do not see each other's.
    const note = this.inOrder(said);
    this.latest = note.receivedAt;
    const entry = { note, file, bytes: Buffer.byteLength(note.text), place: this.places };
    this.bytes += entry.bytes;
    this.places += 1;
    this.entries.set(note.id, entry);
    this.order.push(entry);
    if (!note.isRead) this.unreadCount += 1;
    tell({ kind: 'note', note });
  }

  private takeOwn(id: string): void {
    this.own.add(id);
    if (this.own.size > HISTORY_OWN) this.own.delete(this.own.values().next().value as string);
  }

  private takeRead(id: string, tell: (event: HistoryEvent) => void): void {
    const entry = this.entries.get(id);
    if (entry === undefined || entry.note.isRead) return;
    entry.note = { ...entry.note, isRead: true };
    this.unreadCount -= 1;
    tell({ kind: 'change', note: entry.note, what: 'read' });
  }

  private takeReceipt(of: string, receipt: Receipt, tell: (event: HistoryEvent) => void): void {
    const entry = this.entries.get(of);
    if (entry === undefined || !takesReceipt(entry.note, receipt)) return;
    entry.note = { ...entry.note, receipts: [...entry.note.receipts, receipt] };
    tell({ kind: 'change', note: entry.note, what: 'receipt' });
  }

  private indexOf(id: string): number {
    const entry = this.entries.get(id);
    const first = this.order[this.gone];
    return entry === undefined || first === undefined ? 0 : entry.place - first.place + this.gone;
  }
}

/** Whether a receipt says something new of a note of ours. */
export function takesReceipt(
  { isOwn, receipts }: Pick<Note, 'isOwn' | 'receipts'>,
  { name, computer, kind }: Receipt,
): boolean {
  if (!isOwn || receipts.length >= MAX_RECEIPTS) return false;
  return !receipts.some((known) => known.name === name && known.computer === computer && known.kind === kind);
}
