import { MailslotError } from '../errors.js';
import { HISTORY_READ_IDS, HISTORY_TEXT } from '../limits.js';
import { type Ports, realPorts } from '../ports/ports.js';
import { ensureFolder, messengerFolder, watchFolder } from './folder.js';
import { HistoryFiles } from './history-files.js';
import { noteLine, ownLine, parseLine, readLine, receiptLine } from './history-lines.js';
import { partnerNamed } from './name.js';
import { type Note, partnerOf, type Receipt } from './note.js';
import { type HistoryEvent, NoteIndex, takesReceipt } from './note-index.js';

/** What is looked for in a history. */
export interface NoteFilter {
  /** So many at most, the latest of those that fit. Default: all. */
  readonly limit?: number | undefined;
  /** The `id` of a note: only what came before it. Of an id that is not there: nothing. */
  readonly before?: string | undefined;
  /** Part of the text or of the sender's name; case does not matter. */
  readonly search?: string | undefined;
  /** Only what nobody has confirmed. */
  readonly unreadOnly?: boolean | undefined;
  /** One conversation, by the `id` of the note that began it, which belongs to it. */
  readonly thread?: string | undefined;
  /** What was said with somebody, or for `*` what was said to everybody; see {@link partnerOf}. */
  readonly with?: string | undefined;
}

/** Where lines are kept. */
interface Store {
  readonly lowest: number;
  /** Adds a line; `remade` is told when the folder was removed, and had to be made again for it. */
  append(line: string, remade: () => void): void;
  read(take: (line: string, file: number) => void): void;
}

/**
 * What was received and sent, in files that several processes may add to at once, and read at any time: each sees what
 * the others do. Survives `kill -9` at any moment; bounded to 32 MiB of files, of which the latest 50,000 notes are shown,
 * and without a folder to 50,000 notes with 32 MiB of text.
 *
 * Its calls take as long as the disk does, and throw MailslotError when that fails; what could not be written is then
 * shown by this process alone, and written when the disk takes it again.
 */
export class History {
  /** Where its files are; `undefined`: it is kept in memory only. */
  readonly folder: string | undefined;
  private readonly store: Store;
  private readonly ports: Pick<Ports, 'clock' | 'log'>;
  private readonly index = new NoteIndex();
  private readonly listeners = new Set<(event: HistoryEvent) => unknown>();
  private stopWatching: (() => void) | undefined;
  /** Lines that the disk did not take. */
  private late: string[] = [];
  private lateUnits = 0;
  private remade = (): void => {};

  /** Not for users, who call `openHistory`. */
  constructor(folder: string | undefined, ports: Pick<Ports, 'clock' | 'log'>, fileBytes?: number) {
    this.folder = folder;
    this.ports = ports;
    if (folder !== undefined) ensureFolder(folder);
    this.store = folder === undefined ? inMemory() : new HistoryFiles(folder, fileBytes);
    this.refresh();
  }

  /** Notes that nobody has confirmed. */
  get unread(): number {
    this.refresh();
    return this.index.unread;
  }

  /** The note of that id. */
  note(id: string): Note | undefined {
    this.refresh();
    return this.index.note(id);
  }

  /** What fits the filter, in the order in which it came. */
  notes(filter: NoteFilter = {}): Note[] {
    this.refresh();
    const { limit = Number.POSITIVE_INFINITY, before } = filter;
    const fits = predicateOf(filter);
    const found: Note[] = [];
    for (const note of this.index.backwards(before)) {
      if (found.length >= limit) break;
      if (fits(note)) found.push(note);
    }
    return found.reverse();
  }

  /** Adds a note, with its `receivedAt` not before that of the latest one; false when one of that id is there, or one of ours is about to be and this is not it. */
  append(note: Note): boolean {
    this.refreshIfReadable();
    if (this.index.note(note.id) || (this.index.isAnnounced(note.id) && !note.isOwn)) return false;
    this.add(noteLine(this.index.inOrder(note)));
    return true;
  }

  /** Says that a message of ours is about to be sent: should it come back, nobody who uses this history shows it. */
  announce(id: string): void {
    this.add(ownLine(id));
  }

  /** Whose a message of this id is that was sent, is about to be, or was received; `undefined`: there is none. */
  ownerOf(id: string): 'us' | 'others' | undefined {
    this.refreshIfReadable();
    const note = this.index.note(id);
    if (note?.isOwn || this.index.isAnnounced(id)) return 'us';
    return note && 'others';
  }

  /** A person has confirmed these notes. Of those that are confirmed already, or not there, nothing is written. */
  markRead(...ids: readonly string[]): void {
    this.refreshIfReadable();
    const unread = ids.filter((id) => this.index.note(id)?.isRead === false);
    for (let at = 0; at < unread.length; at += HISTORY_READ_IDS) {
      this.add(readLine(unread.slice(at, at + HISTORY_READ_IDS), this.ports.clock.now()));
    }
  }

  /** A receipt for a note of ours; false when it tells nothing new. */
  addReceipt(of: string, receipt: Receipt): boolean {
    this.refreshIfReadable();
    const note = this.index.note(of);
    if (note === undefined || !takesReceipt(note, receipt)) return false;
    this.add(receiptLine(of, receipt));
    return true;
  }

  /**
   * Calls back for everything that happens from now on: in this process within the call that does it, in another one
   * soon after. Returns how to stop. Does not keep the process alive. What a listener throws, or rejects with, is a warning
   * of the process, and ends nothing.
   */
  follow(listener: (event: HistoryEvent) => unknown): () => void {
    this.refresh();
    this.listeners.add(listener);
    if (this.folder !== undefined) {
      this.stopWatching ??= watchFolder(this.folder, this.ports.clock, () => this.refreshLater());
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.stopWatching?.();
      this.stopWatching = undefined;
    };
  }

  /** Not for users. Calls back when the folder was removed and has been made again. */
  onRemade(listener: () => void): void {
    this.remade = listener;
  }

  /** Not for users. Writes what the disk did not take before. Throws MailslotError. */
  writeLate(): void {
    let written = 0;
    try {
      for (const line of this.late) {
        this.store.append(line, () => this.remade());
        this.lateUnits -= line.length;
        written += 1;
      }
    } finally {
      if (written > 0) this.late = this.late.slice(written);
    }
  }

  private add(line: string): void {
    let isWritten = false;
    try {
      this.writeLate();
      this.store.append(line, () => this.remade());
      isWritten = true;
      this.refresh();
    } catch (error) {
      if (!isWritten) this.keepForLater(line);
      // Better shown by this process alone than by none.
      this.change((take) => take(line, this.store.lowest));
      throw error;
    }
  }

  private keepForLater(line: string): void {
    this.late.push(line);
    this.lateUnits += line.length;
    let gone = 0;
    for (; this.lateUnits > HISTORY_TEXT; gone += 1) this.lateUnits -= (this.late[gone] as string).length;
    if (gone > 0) this.late = this.late.slice(gone);
  }

  private refreshLater(): void {
    try {
      this.writeLate();
      this.refresh();
    } catch {
      // The disk failed: whoever calls next is told, and the watch looks again.
    }
  }

  /** For what goes on with what is known when the disk cannot be read: whoever writes next is told. */
  private refreshIfReadable(): void {
    try {
      this.refresh();
    } catch (error) {
      if (!(error instanceof MailslotError)) throw error;
    }
  }

  private refresh(): void {
    this.change((take) => this.store.read(take));
  }

  /** What a listener throws is its program's fault, and no reason that the others, or this process, hear no more. */
  private tell(listener: (event: HistoryEvent) => unknown, event: HistoryEvent): void {
    const failed = (error: unknown): void => {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.ports.log.warn(`what listens to the messages has failed, and goes on: ${reason}`);
    };
    try {
      const outcome = listener(event);
      // It may be an async function, whose rejection nobody else would hear.
      if (outcome instanceof Promise) outcome.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  /** Takes lines in, and tells of what they changed. */
  private change(read: (take: (line: string, file: number) => void) => void): void {
    const events: HistoryEvent[] = [];
    try {
      read((line, file) => {
        const parsed = parseLine(line);
        if (parsed) this.index.take(parsed, file, (event) => this.listeners.size > 0 && events.push(event));
      });
    } finally {
      // What was read before the disk failed is not read again.
      this.index.forget(this.store.lowest);
      for (const event of events) for (const listener of [...this.listeners]) this.tell(listener, event);
    }
  }
}

/**
 * The history of this user's messenger, which may be running meanwhile.
 *
 * @param folder default: the one that `startMessenger` uses
 * Throws `ERR_MAILSLOT_UNUSABLE_CONFIG` for a folder that is not this user's alone.
 */
export function openHistory(folder: string = messengerFolder(process.env)): History {
  return new History(folder, realPorts);
}

function predicateOf({
  search = '',
  unreadOnly,
  thread,
  with: partner,
}: NoteFilter): (note: Note) => boolean {
  const wanted = search.toLowerCase();
  const other = partner === undefined ? partner : partnerNamed(partner);
  const contains = (text: string): boolean => text.toLowerCase().includes(wanted);
  return (note) => {
    if (unreadOnly && note.isRead) return false;
    if (thread !== undefined && note.thread !== thread && note.id !== thread) return false;
    if (other !== undefined && partnerOf(note) !== other) return false;
    return wanted === '' || contains(note.text) || contains(note.from);
  };
}

function inMemory(): Store {
  let lines: string[] = [];
  return {
    lowest: 1,
    append: (line) => lines.push(line),
    read: (take) => {
      const fresh = lines;
      lines = [];
      for (const line of fresh) take(line, 1);
    },
  };
}
