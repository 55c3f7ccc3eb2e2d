import { Offsets } from './offsets.js';
import type { Row } from './rows.js';

/** Rows beyond the edges, so that scrolling finds them there already. */
const SPARE_PX = 800;
/** After how much of scrolling the rows are chosen anew: less than is spare. */
const STEP_PX = 400;
/** The height of a note of one line, until it is measured. */
const GUESS_PX = 58;
/** Who is so near to the end wants to see what comes. */
const NEAR_END_PX = 60;
/** What is taken for the height of the view until there is one. */
const VIEW_PX = 1000;

/** Which rows are on the page, from the first to before the end. */
interface Range {
  readonly first: number;
  readonly end: number;
}

/**
 * Where somebody is in a long list of which only the rows in sight are on the page. The list stays where it is under
 * their eyes while rows above are measured or come in front: they see the end, or a row at its place.
 */
export class Scroll {
  readonly #offsets = new Offsets(GUESS_PX);
  #rows: readonly Row[] = [];
  #indexes = new Map<string, number>();
  #top = 0;
  #height = VIEW_PX;
  #width = 0;
  #range: Range = { first: 0, end: 0 };
  #isAtEnd = true;
  /** The row at the upper edge, and how much of it is above. */
  #anchor = { key: '', above: 0 };

  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  get top(): number {
    return this.#top;
  }

  get total(): number {
    return this.#offsets.total;
  }

  /** The height of what is above a row. */
  start(index: number): number {
    return this.#offsets.start(index);
  }

  /** The rows to put on the page. */
  range(rows: readonly Row[]): Range {
    if (rows !== this.#rows) this.#take(rows);
    const top = this.#wantedTop();
    const step = Math.floor(top / STEP_PX) * STEP_PX;
    const first = this.#offsets.at(step - SPARE_PX);
    const last = this.#offsets.at(step + STEP_PX + this.#height + SPARE_PX);
    this.#range = { first, end: Math.min(rows.length, last + 1) };
    return this.#range;
  }

  #take(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#offsets.setKeys(rows.map(({ key }) => key));
    this.#indexes = new Map(rows.map(({ key }, index) => [key, index]));
  }

  /** Measures what is on the page now and goes where the view belongs. True: other rows are wanted, or other places. */
  settle(scroller: HTMLElement, sheet: HTMLElement): boolean {
    const isOther = this.#measure(scroller, sheet);
    const top = this.#wantedTop();
    if (!isOther && Math.abs(scroller.scrollTop - top) >= 1) scroller.scrollTop = top;
    this.#top = scroller.scrollTop;
    const { first, end } = this.#range;
    return isOther || !isWithin(this.range(this.#rows), first, end);
  }

  #measure(scroller: HTMLElement, sheet: HTMLElement): boolean {
    const { clientWidth, clientHeight } = scroller;
    let isOther = clientHeight !== this.#height || clientWidth !== this.#width;
    if (clientWidth !== this.#width) this.#offsets.forget();
    this.#width = clientWidth;
    this.#height = clientHeight;
    for (const [at, row] of Array.from(sheet.children).entries()) {
      const height = row.getBoundingClientRect().height;
      if (this.#offsets.measure(this.#range.first + at, height)) isOther = true;
    }
    return isOther;
  }

  #wantedTop(): number {
    const lowest = Math.max(0, this.#offsets.total - this.#height);
    if (this.#isAtEnd) return lowest;
    const index = this.#indexes.get(this.#anchor.key);
    if (index === undefined) return Math.min(this.#top, lowest);
    return Math.min(lowest, this.#offsets.start(index) + this.#anchor.above);
  }

  /** Somebody has scrolled. True: other rows are wanted. */
  scrolled(scroller: HTMLElement): boolean {
    const wasAtEnd = this.#isAtEnd;
    this.#top = scroller.scrollTop;
    this.#isAtEnd = scroller.scrollHeight - this.#top - scroller.clientHeight < NEAR_END_PX;
    const index = this.#offsets.at(this.#top);
    this.#anchor = { key: this.#rows[index]?.key ?? '', above: this.#top - this.#offsets.start(index) };
    const { first, end } = this.#range;
    return wasAtEnd !== this.#isAtEnd || !isWithin(this.range(this.#rows), first, end);
  }

  goToEnd(): void {
    this.#isAtEnd = true;
  }
}

function isWithin(range: Range, first: number, end: number): boolean {
  return range.first === first && range.end === end;
}
