import { MAX_GAP, WINDOW_MESSAGES } from '../limits.js';

/**
 * What is missing of the messages that one instance numbered for one addressee and slot: 1, 2, …
 *
 * Starts with the first number that is heard, since nobody knows who was there to hear those before it. A message
 * that comes late fills its gap again. An instance counts all its messages, whoever they are for: a number that grew by
 * more than that count is made up, and ignored.
 */
class Gaps {
  private first = 0;
  private last = 0;
  private missing = 0;
  /** What was counted when the last number came. */
  private counter = 0;
  /** A number far ahead of the last one: it counts when others follow it, for one alone may be made up. */
  private leap = 0;

  /** Notes a number that was not heard before; returns by how many the missing ones have changed. */
  note(sequence: number, counter: number): number {
    const change = this.changeBy(sequence, counter);
    this.missing += change;
    return change;
  }

  private changeBy(sequence: number, counter: number): number {
    if (this.last === 0) return this.begin(sequence, counter);
    if (sequence > this.last) {
      const grown = sequence - this.last;
      if (grown > counter - this.counter + WINDOW_MESSAGES) return 0;
      const isFollowing = sequence > this.leap && sequence - this.leap <= WINDOW_MESSAGES;
      if (grown > WINDOW_MESSAGES && !isFollowing) {
        this.leap = sequence;
        return 0;
      }
      // The one that began the leap was heard too.
      const heard = grown > WINDOW_MESSAGES ? 2 : 1;
      this.last = sequence;
      this.counter = counter;
      return Math.min(grown - heard, MAX_GAP);
    }
    if (sequence < this.first) {
      const before = this.first - sequence;
      if (before > WINDOW_MESSAGES) return this.beginAgain(sequence, counter);
      this.first = sequence;
      return before - 1;
    }
    if (this.last - sequence > WINDOW_MESSAGES) return this.beginAgain(sequence, counter);
    // A sender that uses a number twice fills no gap.
    return this.missing > 0 ? -1 : 0;
  }

  /** Nothing is that late: what was heard before is made up, and so is what seemed to be missing. */
  private beginAgain(sequence: number, counter: number): number {
    return this.begin(sequence, counter) - this.missing;
  }

  private begin(sequence: number, counter: number): number {
    this.first = sequence;
    this.last = sequence;
    this.counter = counter;
    this.leap = 0;
    return 0;
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
