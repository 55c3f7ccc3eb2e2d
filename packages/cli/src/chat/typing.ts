import { EventEmitter } from 'node:events';
import { emitKeypressEvents, type Key } from 'node:readline';
import type { Keys, Wish } from './keys.js';

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';

/** So much text at once is none that hands type, and no part of what a key sends. */
const RUN = /[^\p{Cc}]{32,}/gu;

/**
 * What a terminal sends, as keys. To take pasted text for keys, character by character, costs a thousand times what the
 * text does, and Ctrl-C would wait behind it: text goes around them.
 */
export class Typing {
  readonly #keys: Keys;
  readonly #decoder = new EventEmitter();
  readonly #grant: (wish: Wish) => void;
  /** The end of what was pasted last: its mark may come in two pieces. */
  #tail = '';
  /** And the last keys: so does the mark of its beginning. */
  #latest = '';

  /** @param grant told what each key asks for */
  constructor(keys: Keys, grant: (wish: Wish) => void) {
    this.#keys = keys;
    this.#grant = grant;
    // It needs nothing of a stream but the events.
    emitKeypressEvents(this.#decoder as unknown as NodeJS.ReadableStream);
    this.#decoder.on('keypress', (text: string | undefined, key: Key) => grant(keys.press(text, key)));
  }

  feed(chunk: string): void {
    const hasBegunMark = beginning(PASTE_START, this.#latest) > 0;
    for (let rest = hasBegunMark ? this.#endOfMark(chunk) : chunk; rest !== ''; ) {
      rest = this.#keys.isPasting ? this.#paste(rest) : this.#type(rest);
    }
  }

  /** Key by key, until it has shown whether it is the mark. Returns the rest. */
  #endOfMark(chunk: string): string {
    const characters = [...chunk];
    const first = characters.splice(0, PASTE_START.length);
    while (first.length > 0 && !this.#keys.isPasting) this.#press(first.shift() as string);
    return [...first, ...characters].join('');
  }

  /** Returns what comes behind the mark that begins a paste. */
  #type(chunk: string): string {
    const start = chunk.indexOf(PASTE_START);
    const end = start < 0 ? chunk.length : start + PASTE_START.length;
    const typed = chunk.slice(0, end);
    let done = 0;
    for (const { index, 0: run } of typed.slice(0, start < 0 ? end : start).matchAll(RUN)) {
      this.#press(typed.slice(done, index));
      this.#grant(this.#keys.text(run));
      done = index + run.length;
    }
    this.#press(typed.slice(done));
    return chunk.slice(end);
  }

  /** Returns what comes behind the mark that ends the paste. */
  #paste(chunk: string): string {
    const all = this.#tail + chunk;
    const end = all.indexOf(PASTE_END);
    // As much as may be the start of the mark waits for what comes next.
    const kept = end < 0 ? beginning(PASTE_END, all) : 0;
    this.#keys.paste(all.slice(0, end < 0 ? all.length - kept : end));
    this.#tail = end < 0 ? all.slice(all.length - kept) : '';
    if (end < 0) return '';
    this.#press(PASTE_END);
    return all.slice(end + PASTE_END.length);
  }

  #press(keys: string): void {
    if (keys === '') return;
    this.#latest = (this.#latest + keys).slice(-PASTE_START.length);
    this.#decoder.emit('data', keys);
  }
}

/** How many characters at the end of a text may be the beginning of the mark. */
function beginning(mark: string, text: string): number {
  for (let length = mark.length - 1; length > 0; length -= 1) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
