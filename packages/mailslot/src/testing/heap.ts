/** Things in an order that changes all the time: the one that comes before all others is at hand. */
export class Heap<T> {
  private items: T[] = [];
  private readonly isBefore: (one: T, other: T) => boolean;

  constructor(isBefore: (one: T, other: T) => boolean) {
    this.isBefore = isBefore;
  }

  get size(): number {
    return this.items.length;
  }

  get first(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    this.items.push(item);
    this.rise(this.items.length - 1);
  }

  pop(): T | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (this.items.length > 0) {
      this.items[0] = last as T;
      this.sink(0);
    }
    return first;
  }

  /** Throws away everything else. */
  keep(isKept: (item: T) => boolean): void {
    this.items = this.items.filter(isKept);
    for (let at = (this.items.length >> 1) - 1; at >= 0; at -= 1) this.sink(at);
  }

  private rise(from: number): void {
    const { items } = this;
    const item = items[from] as T;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.isBefore(item, items[above] as T)) break;
      items[at] = items[above] as T;
      at = above;
    }
    items[at] = item;
  }

  private sink(from: number): void {
    const { items } = this;
    const item = items[from] as T;
    let at = from;
    for (let below = 2 * at + 1; below < items.length; below = 2 * at + 1) {
      const other = below + 1;
      if (other < items.length && this.isBefore(items[other] as T, items[below] as T)) below = other;
      if (!this.isBefore(items[below] as T, item)) break;
      items[at] = items[below] as T;
      at = below;
    }
    items[at] = item;
  }
}
