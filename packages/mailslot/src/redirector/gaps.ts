/**
 * What is missing of the messages that one instance numbered for one addressee and slot: 1, 2, …
 *
 * Starts with the first number that is heard, since nobody knows who was there to hear those before it. A message
 * that comes late fills its gap again.
 */
class Gaps {
  private first = 0;
  private last = 0;
  private missing = 0;

  /** Notes a number that was not heard before; returns by how many the missing ones have changed. */
  note(sequence: number): number {
    const change = this.changeBy(sequence);
    this.missing += change;
    return change;
  }

  private changeBy(sequence: number): number {
    if (this.last === 0) {
      this.first = sequence;
      this.last = sequence;
      return 0;
    }
    if (sequence > this.last) {
      const skipped = sequence - this.last - 1;
      this.last = sequence;
      return skipped;
    }
    if (sequence < this.first) {
      const skipped = this.first - sequence - 1;
      this.first = sequence;
      return skipped;
    }
    // A sender that uses a number twice fills no gap.
    return this.missing > 0 ? -1 : 0;
  }
}

/**
 * The gaps of one instance, for each slot here. A slot that comes back begins anew: what was sent in between is not
 * missing.
 */
export class SlotGaps {
  private readonly bySlot = new WeakMap<object, GapsToSlot>();
  private last: { readonly route: object; readonly gaps: GapsToSlot } | undefined;

  /** @param route stands for the slot, as long as it is there */
  of(route: object): GapsToSlot {
    if (this.last?.route === route) return this.last.gaps;
    const gaps = this.bySlot.get(route) ?? { domain: new Gaps(), computer: new Gaps() };
    this.bySlot.set(route, gaps);
    this.last = { route, gaps };
    return gaps;
  }
}

/** Messages to all of the domain and to this computer are numbered apart. */
interface GapsToSlot {
  readonly domain: Gaps;
  readonly computer: Gaps;
}
