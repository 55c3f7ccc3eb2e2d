import type { Key } from 'node:readline';
import { BYTES_MAX, type Line } from './line.js';

/** What a key asks for that is not a matter of the line alone. */
export type Wish = 'send' | 'end' | 'suspend' | 'redraw' | 'refuse' | undefined;

type Deed = (line: Line) => void;

const CONTROL: Readonly<Record<string, Deed>> = {
  a: (line) => line.move('start'),
  b: (line) => line.move('left'),
  e: (line) => line.move('end'),
  f: (line) => line.move('right'),
  h: (line) => line.cut('left'),
  k: (line) => line.cut('end'),
  n: (line) => line.recall(1),
  p: (line) => line.recall(-1),
  u: (line) => line.cut('start'),
  w: (line) => line.cut('word-left'),
  left: (line) => line.move('word-left'),
  right: (line) => line.move('word-right'),
};

const META: Readonly<Record<string, Deed>> = {
  b: (line) => line.move('word-left'),
  f: (line) => line.move('word-right'),
  backspace: (line) => line.cut('word-left'),
};

const PLAIN: Readonly<Record<string, Deed>> = {
  left: (line) => line.move('left'),
  right: (line) => line.move('right'),
  home: (line) => line.move('start'),
  end: (line) => line.move('end'),
  up: (line) => line.recall(-1),
  down: (line) => line.recall(1),
  backspace: (line) => line.cut('left'),
  delete: (line) => line.cut('right'),
};

/** Turns keys into what they do to a line. A paste is one insertion, whatever is in it: its line breaks send nothing. */
export class Keys {
  readonly #line: Line;
  #paste: string | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  /** One key, as `emitKeypressEvents` of Node tells it. */
  press(text: string | undefined, key: Key): Wish {
    if (key.name === 'paste-start') {
      this.#paste = '';
      return undefined;
    }
    if (this.#paste !== undefined) return this.#pasted(this.#paste, key);
    if (key.ctrl) return this.#control(key.name ?? '');
    if (key.name === 'return' || key.name === 'enter') return 'send';
    const deed = (key.meta ? META : PLAIN)[key.name ?? ''];
    if (deed) deed(this.#line);
    else if (text !== undefined && !key.meta) return this.#insert(key.name === 'tab' ? ' ' : text);
    return undefined;
  }

  /** Between the marks of a paste everything is text. */
  get isPasting(): boolean {
    return this.#paste !== undefined;
  }

  /** A piece of what is pasted. */
  paste(piece: string): void {
    // What is too long for a line is refused whole, and need not be kept.
    if (this.#paste !== undefined && this.#paste.length <= BYTES_MAX) this.#paste += piece;
  }

  /** Text without controls, as if it were typed. */
  text(text: string): Wish {
    return this.#insert(text);
  }

  #pasted(paste: string, { name, sequence = '' }: Key): Wish {
    if (name !== 'paste-end') {
      this.paste(sequence);
      return undefined;
    }
    this.#paste = undefined;
    return this.#insert(paste.replace(/\r\n?/g, '\n'), /[^\P{Cc}\n\t]/gu);
  }

  #control(name: string): Wish {
    if (name === 'c') return 'end';
    if (name === 'd' && this.#line.text === '') return 'end';
    if (name === 'd') this.#line.cut('right');
    else if (name === 'z') return 'suspend';
    else if (name === 'l') return 'redraw';
    else CONTROL[name]?.(this.#line);
    return undefined;
  }

  /** Controls have no place in what people write. */
  #insert(text: string, unwanted = /\p{Cc}/gu): Wish {
    return this.#line.insert(text.replace(unwanted, '')) ? undefined : 'refuse';
  }
}
