import { columnsOf, startOf } from '../terminal/width.js';

/** What a message for people may have; more is not taken into the line. */
export const BYTES_MAX = 60_000;

/** No character is longer than two units, and marks are rare: so much is enough. */
const UNITS_IN_COLUMN = 8;

/** Lines that can be had back with the arrow up. */
const REMEMBERED = 100;

/** The line as it is drawn, and in which of its columns the cursor stands. */
export interface View {
  readonly text: string;
  readonly cursor: number;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The line that somebody is typing: a text and a place in it, moved and cut by what a person sees as one character. */
export class Line {
  #text = '';
  /** Of the text; to count them again at each character would take longer than to type it. */
  #bytes = 0;
  #at = 0;
  readonly #remembered: string[] = [];
  /** Which of those is shown; their number: none of them. */
  #shown = 0;
  #begun = '';

  get text(): string {
    return this.#text;
  }

  /** False: there is no room for it, and nothing was taken. */
  insert(text: string): boolean {
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + bytes > BYTES_MAX) return false;
    this.#bytes += bytes;
    this.#text = this.#text.slice(0, this.#at) + text + this.#text.slice(this.#at);
    this.#at += text.length;
    return true;
  }

  /** The text, which is remembered; the line is empty then. */
  take(): string {
    const text = this.#text;
    if (text !== '' && text !== this.#remembered.at(-1)) this.#remembered.push(text);
    if (this.#remembered.length > REMEMBERED) this.#remembered.shift();
    this.#shown = this.#remembered.length;
    this.#set('');
    return text;
  }

  /** Shows what was typed before (-1), or after that (1), and in the end what was begun. */
  recall(step: -1 | 1): void {
    const next = this.#shown + step;
    if (next < 0 || next > this.#remembered.length) return;
    if (this.#shown === this.#remembered.length) this.#begun = this.#text;
    this.#shown = next;
    this.#set(this.#remembered[next] ?? this.#begun);
  }

  move(to: 'left' | 'right' | 'start' | 'end' | 'word-left' | 'word-right'): void {
    this.#at = this.#placeOf(to);
  }

  /** Cuts from the cursor to there. */
  cut(to: 'left' | 'right' | 'start' | 'end' | 'word-left'): void {
    const place = this.#placeOf(to);
    const [from, until] = place < this.#at ? [place, this.#at] : [this.#at, place];
    this.#bytes -= Buffer.byteLength(this.#text.slice(from, until));
    this.#text = this.#text.slice(0, from) + this.#text.slice(until);
    this.#at = from;
  }

  #set(text: string): void {
    this.#text = text;
    this.#bytes = Buffer.byteLength(text);
    this.#at = text.length;
  }

  #placeOf(to: 'left' | 'right' | 'start' | 'end' | 'word-left' | 'word-right'): number {
    switch (to) {
      case 'left':
        return this.#at - lastOf(this.#text.slice(0, this.#at)).length;
      case 'right':
        return this.#at + firstOf(this.#text.slice(this.#at)).length;
      case 'start':
        return 0;
      case 'end':
        return this.#text.length;
      case 'word-left':
        return wordStarts(this.#text).findLast((place) => place < this.#at) ?? 0;
      case 'word-right':
        return wordStarts(this.#text).find((place) => place > this.#at) ?? this.#text.length;
    }
  }

  /** As much of it as fits into so many columns, the cursor always among it. */
  view(columns: number): View {
    // No more of a long text is looked at than may be seen: it is drawn again for each key.
    const reach = columns * UNITS_IN_COLUMN;
    const before = shown(this.#text.slice(Math.max(0, this.#at - reach), this.#at));
    const after = shown(this.#text.slice(this.#at, this.#at + reach));
    // One column stays free for the cursor behind the last character.
    const room = Math.max(1, columns - 1);
    const isNear = this.#at <= reach && this.#text.length - this.#at <= reach;
    const isWhole = isNear && columnsOf(before) + columnsOf(after) <= room;
    const left = isWhole ? before : endOf(before, Math.ceil(room * 0.75));
    const cursor = columnsOf(left);
    return { text: left + startOf(after, room - cursor), cursor };
  }
}

/**
 * What was typed or pasted, each character as one that every terminal draws alike: a line break as ⏎, other controls as
 * a dot, and without what only changes the looks of an emoji.
 */
function shown(text: string): string {
  return text
    .replace(/[\ufe0e\ufe0f\u{1f3fb}-\u{1f3ff}]/gu, '')
    .replaceAll('\n', '⏎')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '·');
}

function endOf(text: string, columns: number): string {
  const characters = [...text.slice(-UNITS_IN_COLUMN * columns)];
  let end = '';
  let used = 0;
  for (const character of characters.reverse()) {
    used += columnsOf(character);
    if (used > columns) break;
    end = character + end;
  }
  return end;
}

function firstOf(text: string): string {
  const [first] = graphemes.segment(text.slice(0, 64));
  return first?.segment ?? '';
}

function lastOf(text: string): string {
  return [...graphemes.segment(text.slice(-64))].at(-1)?.segment ?? '';
}

function wordStarts(text: string): number[] {
  return Array.from(words.segment(text)).flatMap(({ isWordLike, index }) => (isWordLike ? [index] : []));
}
