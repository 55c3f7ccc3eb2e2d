import { columnsOf } from '../terminal/width.js';
import type { View } from './line.js';

/** What of a terminal is used. */
export interface Terminal {
  readonly columns: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\x1b[K';
const CLEAR_BELOW = '\r\x1b[J';
// A line that is longer than we believe is cut off instead of going on in the next one, where nobody would clear it.
const WITHOUT_WRAP = '\x1b[?7l';
const WITH_WRAP = '\x1b[?7h';
const PASTES_MARKED = '\x1b[?2004h';
const PASTES_AS_TYPED = '\x1b[?2004l';

/**
 * A terminal on which lines come in above the one that is being typed, which stays the last. What has come in scrolls
 * away as the output of any program does.
 */
export class Screen {
  readonly #terminal: Terminal;
  readonly #prompt: string;
  /** Columns to the left of the cursor, and in all, when it was drawn last. */
  #cursor = 0;
  #drawnColumns: number;
  #view: View = { text: '', cursor: 0 };

  /** @param prompt what stands before the line; harmless already */
  constructor(terminal: Terminal, prompt: string) {
    this.#terminal = terminal;
    this.#prompt = prompt;
    this.#drawnColumns = terminal.columns;
    terminal.write(PASTES_MARKED);
    this.#draw(CLEAR_LINE);
  }

  /** Columns for what is typed. */
  get room(): number {
    return Math.max(1, this.#terminal.columns - this.#promptColumns);
  }

  /** Nothing of the prompt where it would leave no room to type. */
  get #promptColumns(): number {
    const columns = columnsOf(this.#prompt);
    return columns <= this.#terminal.columns / 2 ? columns : 0;
  }

  /** Lines that are harmless already. */
  print(lines: readonly string[]): void {
    if (lines.length > 0) this.#draw(`${CLEAR_LINE}${lines.map((line) => `${line}\r\n`).join('')}`);
  }

  show(view: View): void {
    this.#view = view;
    this.#draw(CLEAR_LINE);
  }

  /** The terminal has other columns now; one that became narrower has broken our line into several. */
  resized(view: View): void {
    this.#view = view;
    const { columns } = this.#terminal;
    const rows = columns < this.#drawnColumns ? Math.floor(this.#cursor / columns) : 0;
    this.#draw(rows > 0 ? `\x1b[${rows}A${CLEAR_BELOW}` : CLEAR_BELOW);
  }

  /** Takes everything off the screen but the line. */
  clear(): void {
    this.#draw('\x1b[H\x1b[2J');
  }

  bell(): void {
    this.#terminal.write('\x07');
  }

  /** Takes the line away, and leaves the terminal as it was found. */
  end(): void {
    this.#terminal.write(`${CLEAR_BELOW}${PASTES_AS_TYPED}`);
  }

  /** In one write, so that nothing flickers. */
  #draw(before: string): void {
    const promptColumns = this.#promptColumns;
    const prompt = promptColumns > 0 ? this.#prompt : '';
    this.#cursor = promptColumns + this.#view.cursor;
    this.#drawnColumns = this.#terminal.columns;
    const right = this.#cursor > 0 ? `\x1b[${this.#cursor}C` : '';
    this.#terminal.write(`${before}${WITHOUT_WRAP}${prompt}${this.#view.text}${WITH_WRAP}\r${right}`);
  }
}
