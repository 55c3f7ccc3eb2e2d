import { type Clock, MAX_PACKET } from 'mailslot/transports';
import { introduction } from './introduction.js';
import { NATS_LINE, UNASKED_LINES, UNASKED_LINES_PER_SECOND } from './limits.js';
import { ProtocolBreach } from './trouble.js';

const NEWLINE = 10;
const RETURN = 13;
const NOTHING = Buffer.alloc(0);

/** What a sieve works with. */
export interface SieveParts {
  readonly clock: Clock;
  /** A message is longer than a packet can be, and was left out. */
  readonly onTooLarge: () => void;
}

/**
 * Stands between a server and the client library, which believes whatever a server says: hands on whole lines of a
 * bounded length, introductions that were looked through, and messages that can be packets. What is longer is left out as
 * it comes, without keeping any of it.
 */
export class Sieve {
  private readonly parts: SieveParts;
  /** A line that has begun. */
  private held: Buffer = NOTHING;
  /** Bytes of a message and the end of its line that are still to come. */
  private left = 0;
  private isLeftOut = false;
  private unasked = UNASKED_LINES;
  private filledAt: number;

  constructor(parts: SieveParts) {
    this.parts = parts;
    this.filledAt = parts.clock.monotonic();
  }

  /** What of these bytes the client library may have. Throws {@link ProtocolBreach}. */
  pass(chunk: Buffer): Buffer[] {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    this.held = NOTHING;
    const passed: Buffer[] = [];
    let from = 0;
    let at = 0;
    const hand = (end: number): void => {
      if (end > from) passed.push(bytes.subarray(from, end));
    };
    while (at < bytes.length) {
      if (this.left > 0) {
        at += this.takeMessage(bytes, at);
        if (this.isLeftOut) from = at;
        continue;
      }
      const end = bytes.indexOf(NEWLINE, at) + 1;
      if ((end || bytes.length) - at > NATS_LINE)
        throw new ProtocolBreach(`a line of over ${NATS_LINE} bytes`);
      if (end === 0) {
        hand(at);
        this.held = Buffer.from(bytes.subarray(at));
        return passed;
      }
      const instead = this.judge(textOf(bytes, at, end));
      if (instead !== undefined || this.isLeftOut) {
        hand(at);
        if (instead !== undefined) passed.push(instead);
        from = end;
      }
      at = end;
    }
    hand(at);
    return passed;
  }

  /** Returns how many of the bytes belong to the message. */
  private takeMessage(bytes: Buffer, at: number): number {
    const step = Math.min(this.left, bytes.length - at);
    // The library would take whatever is there up to the next line for the end of the message.
    for (const [index, byte] of [RETURN, NEWLINE].entries()) {
      const place = this.left - 2 + index;
      if (place >= 0 && place < step && bytes[at + place] !== byte)
        throw new ProtocolBreach('a message without an end');
    }
    this.left -= step;
    return step;
  }

  /** Undefined: the line may be handed on as it is, unless it is left out. */
  private judge(line: string): Buffer | undefined {
    this.isLeftOut = false;
    const [word = ''] = line.split(/[ \t]/, 1);
    switch (word.toUpperCase()) {
      case 'MSG':
      case 'HMSG':
        this.begin(line.split(/[ \t]+/), word.length === 4);
        return undefined;
      case 'INFO':
        this.countUnasked();
        return introduction(line.slice(word.length));
      case 'PING':
      case '+OK':
        this.countUnasked();
        if (line === word) return undefined;
        break;
      case 'PONG':
        if (line === word) return undefined;
        break;
      case '-ERR':
        if (line.slice(word.length).trim() !== '') return undefined;
    }
    throw new ProtocolBreach(`the line ${JSON.stringify(line.slice(0, 20))}`);
  }

  /** `MSG subject sid [reply] size`, `HMSG subject sid [reply] size-of-headers size`. */
  private begin(words: readonly string[], hasHeaders: boolean): void {
    const numbers = words.slice(hasHeaders ? -2 : -1);
    const replies = words.length - 3 - numbers.length;
    const isWhole = [words[2] ?? '', ...numbers].every((number) => /^\d{1,8}$/.test(number));
    const size = Number(numbers.at(-1));
    if (!isWhole || replies < 0 || replies > 1 || Number(numbers[0]) > size)
      throw new ProtocolBreach('a message without a size that a NATS server can have');
    this.left = size + 2;
    this.isLeftOut = size > MAX_PACKET;
    if (this.isLeftOut) this.parts.onTooLarge();
  }

  private countUnasked(): void {
    const now = this.parts.clock.monotonic();
    const refill = ((now - this.filledAt) / 1_000) * UNASKED_LINES_PER_SECOND;
    this.unasked = Math.min(UNASKED_LINES, this.unasked + refill) - 1;
    this.filledAt = now;
    if (this.unasked < 0) throw new ProtocolBreach('introductions or questions without end');
  }
}

/** The line without its end; one byte is one character. */
function textOf(bytes: Buffer, at: number, end: number): string {
  return bytes.toString('latin1', at, end - 2 >= at && bytes[end - 2] === RETURN ? end - 2 : end - 1);
}
