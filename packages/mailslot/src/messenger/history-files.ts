import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { MailslotError } from '../errors.js';
import { HISTORY_FILE_BYTES, HISTORY_FILES, HISTORY_LINE, HISTORY_READ } from '../limits.js';
import { systemCode } from '../msfs/system-error.js';
import { cannotKeep, ELSEWHERE, ensureFolder } from './folder.js';

/* Normative: docs/wire/messenger.md, section 5. */

const LINE_FEED = 0x0a;
const NONBLOCK = constants.O_NONBLOCK ?? 0;
const FILE = /^history-([1-9]\d{0,14})\.jsonl$/;

/** How far a file has been read. */
interface Reading {
  /** Behind the last complete line. */
  at: number;
  /** Its length when it was last looked at. */
  size: number;
  /** In the midst of a line that is too long to be one. */
  isSkipping: boolean;
}

/**
 * The files of a history, which several processes add to and any of them may be killed in the midst of it.
 *
 * ```text
 * history-7.jsonl   … LF line LF LF line LF LF {"note":{"id":"0 | LF line LF
 *                                              killed in here ↑   the next one stands alone all the same
 * ```
 */
export class HistoryFiles {
  private readonly folder: string;
  private readonly fileBytes: number;
  private readonly readings = new Map<number, Reading>();
  private known: readonly number[] = [];
  private buffer: Buffer | undefined;

  constructor(folder: string, fileBytes: number = HISTORY_FILE_BYTES) {
    this.folder = folder;
    this.fileBytes = fileBytes;
  }

  /** The lowest number of a file that counted at the last look; what was in those below is forgotten. */
  get lowest(): number {
    return this.known.slice(-HISTORY_FILES)[0] ?? 1;
  }

  /**
   * Adds a line, in one call: whole, or as a torn one that everybody ignores. Throws MailslotError. A folder that was
   * removed is made again, and `remade` told.
   */
  append(line: string, remade: () => void): void {
    const bytes = Buffer.from(`\n${line}\n`);
    try {
      const descriptor = this.openOrRemake(remade);
      try {
        const written = writeSync(descriptor, bytes);
        if (written < bytes.length) throw noRoom(this.folder);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      throw cannotKeep(error, `write the history in ${this.folder}`);
    }
  }

  /** Reads what was added since the last time, by whomever. Throws MailslotError. */
  read(take: (line: string, file: number) => void): void {
    const numbers = this.latest();
    for (const known of this.readings.keys()) if (!numbers.includes(known)) this.readings.delete(known);
    for (const number of numbers) this.readFile(number, (line) => take(line, number));
  }

  /** However many somebody has put there. */
  private latest(): readonly number[] {
    return this.numbers().slice(-HISTORY_FILES);
  }

  /** A list costs several looks: the last one holds as long as its highest file is there and the next one is not. */
  private numbers(): readonly number[] {
    const highest = this.known.at(-1);
    const isSame =
      highest !== undefined && this.sizeOf(highest) !== undefined && this.sizeOf(highest + 1) === undefined;
    if (!isSame) this.known = this.list();
    return this.known;
  }

  private list(): number[] {
    try {
      return readdirSync(this.folder)
        .map((name) => Number(FILE.exec(name)?.[1] ?? 0))
        .filter((number) => number > 0)
        .sort((one, other) => one - other);
    } catch (error) {
      // Somebody removed the folder: what was in it is still in memory.
      if (systemCode(error) === 'ENOENT') return [];
      throw cannotKeep(error, `read the history in ${this.folder}`);
    }
  }

  private openOrRemake(remade: () => void): number {
    try {
      return this.openToAppend();
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      ensureFolder(this.folder);
      remade();
      return this.openToAppend();
    }
  }

  /** The highest file, or the next one when that is full. */
  private openToAppend(): number {
    const numbers = this.numbers();
    const highest = numbers.at(-1) ?? 1;
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
    // Non-blocking, or a FIFO in its place would wait for a reader.
    const flags = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | NONBLOCK;
    const descriptor = openFile(this.path(highest), flags);
    if (fstatSync(descriptor).size < this.fileBytes) return descriptor;
    closeSync(descriptor);
    const next = openFile(this.path(highest + 1), flags);
    for (const number of numbers) {
      if (number <= highest + 1 - HISTORY_FILES) rmSync(this.path(number), { force: true });
    }
    return next;
  }

  private readFile(number: number, take: (line: string) => void): void {
    const size = this.sizeOf(number);
    if (size === undefined || size === this.readings.get(number)?.size) return;
    const descriptor = this.openToRead(number);
    if (descriptor === undefined) return;
    try {
      this.readLines(descriptor, this.readingOf(number, size), take);
    } catch (error) {
      throw cannotKeep(error, `read the history in ${this.folder}`);
    } finally {
      closeSync(descriptor);
    }
  }

  /** A file that became shorter is another one. Of one that is longer than all of them may be, the end counts. */
  private readingOf(number: number, size: number): Reading {
    const known = this.readings.get(number);
    const reading = known && known.size <= size ? known : { at: 0, size, isSkipping: false };
    const start = size - HISTORY_FILES * this.fileBytes;
    if (start > reading.at) Object.assign(reading, { at: start, isSkipping: true });
    reading.size = size;
    this.readings.set(number, reading);
    return reading;
  }

  private readLines(descriptor: number, reading: Reading, take: (line: string) => void): void {
    this.buffer ??= Buffer.allocUnsafe(HISTORY_READ);
    for (;;) {
      const length = readSync(descriptor, this.buffer, 0, this.buffer.length, reading.at);
      const used = this.takeLines(this.buffer.subarray(0, length), reading, take);
      reading.at += used;
      if (length < this.buffer.length) return;
      if (used === 0) {
        reading.isSkipping = true;
        reading.at += length;
      }
      // What somebody adds meanwhile is for the next look.
      if (reading.at >= reading.size) return;
    }
  }

  /** Returns how many bytes were complete lines. */
  private takeLines(bytes: Buffer, reading: Reading, take: (line: string) => void): number {
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      const length = end - start;
      if (length > 0 && length <= HISTORY_LINE && !reading.isSkipping)
        take(bytes.toString('utf8', start, end));
      reading.isSkipping = false;
      start = end + 1;
    }
    return start;
  }

  /** Most looks find nothing new, and this costs less than to open it. `undefined`: it was removed, or is no file. */
  private sizeOf(number: number): number | undefined {
    try {
      const stats = statSync(this.path(number), { throwIfNoEntry: false });
      return stats?.isFile() ? stats.size : undefined;
    } catch (error) {
      throw cannotKeep(error, `read the history in ${this.folder}`);
    }
  }

  /** `undefined`: it was removed meanwhile. */
  private openToRead(number: number): number | undefined {
    try {
      return openSync(this.path(number), constants.O_RDONLY | NONBLOCK);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw cannotKeep(error, `read the history in ${this.folder}`);
    }
  }

  private path(number: number): string {
    return join(this.folder, `history-${number}.jsonl`);
  }
}

/** What goes into a FIFO is kept nowhere. */
function openFile(path: string, flags: number): number {
  const descriptor = openSync(path, flags, 0o600);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', `cannot write ${path}: it is no file`, {
    remedy: 'remove it',
  });
}

function noRoom(folder: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_NO_RESOURCES',
    `the disk of ${folder} is full: free some of it, or ${ELSEWHERE}`,
  );
}
