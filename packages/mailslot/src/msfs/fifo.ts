/** First in, first out, in constant time: an array would move all it holds at each `shift`. */
export class Fifo<T> {
  private ring: (T | undefined)[] = new Array(8);
  private head = 0;
  private size = 0;

  get length(): number {
    return this.size;
  }

  push(item: T): void {
    if (this.size === this.ring.length) this.grow();
    this.ring[(this.head + this.size) & (this.ring.length - 1)] = item;
    this.size += 1;
  }

  peek(): T | undefined {
    return this.ring[this.head];
  }

  /** The one that came last. */
  peekLast(): T | undefined {
    return this.ring[(this.head + this.size - 1) & (this.ring.length - 1)];
  }

  shift(): T | undefined {
    const item = this.ring[this.head];
    if (this.size === 0) return undefined;
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.size -= 1;
    return item;
  }

  clear(): void {
    this.ring = new Array(8);
    this.head = 0;
    this.size = 0;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let at = 0; at < this.size; at += 1) yield this.ring[(this.head + at) & (this.ring.length - 1)] as T;
  }

  /** From the one that came last to the first. */
  *backwards(): Generator<T> {
    for (let at = this.size - 1; at >= 0; at -= 1)
      yield this.ring[(this.head + at) & (this.ring.length - 1)] as T;
  }

  private grow(): void {
    const { ring, head } = this;
    this.ring = ring.slice(head).concat(ring.slice(0, head), new Array(ring.length));
    this.head = 0;
  }
}
