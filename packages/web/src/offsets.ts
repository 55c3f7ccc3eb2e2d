/**
 * Where the rows of a long list are, of which only those in sight are on the page. A row's height is guessed until it
 * was there once and has been measured.
 */
export class Offsets {
  readonly #heights = new Map<string, number>();
  readonly #guess: number;
  #keys: readonly string[] = [];
  /** Where each row begins, and behind the last where it ends; filled as far as `#valid`. */
  #starts = new Float64Array(1);
  #valid = 0;

  constructor(guess: number) {
    this.#guess = guess;
  }

  /** The rows, from now on. What was measured of rows that stay is kept. */
  setKeys(keys: readonly string[]): void {
    this.#keys = keys;
    this.#starts = new Float64Array(keys.length + 1);
    this.#valid = 0;
    if (this.#heights.size <= 2 * keys.length + 1000) return;
    const known = new Set(keys);
    for (const key of this.#heights.keys()) if (!known.has(key)) this.#heights.delete(key);
  }

  /** Whether that is news. */
  measure(index: number, height: number): boolean {
    const key = this.#keys[index]!;
    if (this.#heights.get(key) === height) return false;
    this.#heights.set(key, height);
    this.#valid = Math.min(this.#valid, index);
    return true;
  }

  /** All widths have changed, so all heights are guesses again. */
  forget(): void {
    this.#heights.clear();
    this.#valid = 0;
  }

  get total(): number {
    return this.start(this.#keys.length);
  }

  start(index: number): number {
    for (; this.#valid < index; this.#valid++) {
      const height = this.#heights.get(this.#keys[this.#valid]!) ?? this.#guess;
      this.#starts[this.#valid + 1] = this.#starts[this.#valid]! + height;
    }
    return this.#starts[index]!;
  }

  /** The row at that height: the last that begins at it or above. */
  at(offset: number): number {
    let low = 0;
    let high = Math.max(0, this.#keys.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
