/*
 * What a redirector ought to remember, written from its promises and not from its code: exact sets where it has
 * bitmaps, and the truth about what was delivered, which no restart makes it forget.
 */

const NOTED = 1;

/** Stamps below `low` are too old for certain, those from `high` on are not; between them either may be. */
interface Floor {
  low: number;
  high: number;
}

/** One instance, as one computer should know it. */
interface Heard {
  /** Whether its window exists. */
  isKnown: boolean;
  /** Whether nothing more can be told about what its window holds. */
  isVague: boolean;
  floor: Floor;
  highest: number;
  /** By counter: whether it was noted, and a bit for each slot that it was delivered to. */
  readonly states: number[];
  /** What a kill makes it forget: noted after the last delivery. */
  fresh: number[];
  keptHighest: number;
  /** The latest stamp that was noted, and that is on disk. */
  stamp: number;
  keptStamp: number;
  /** When it was noted last, by the clock that never jumps. */
  heardAt: number;
  /** Whether its window began anew since it was kept: what a kill leaves of it, nobody can tell. */
  isAnew: boolean;
  isKept: boolean;
  /** The first sender that it was heard as in this life, in capitals; empty: none, or ourselves. */
  computer: string;
}

export interface Identity {
  readonly instance: string;
  readonly counter: number;
  readonly stamp: number;
}

/** Who was asked for last: each message is about one instance, and asks for it a few times. */
interface Last {
  readonly domain: string;
  readonly instance: string;
  readonly heard: Heard;
}

/** What becomes of a message before anybody looks at its slot; `unsure`: any of these. */
export type Novelty = 'new' | 'duplicate' | 'clock' | 'forged' | 'unsure';

/** A claim to an instance lapses after this silence, by a clock that is read once a second. */
const CLAIM_MS = 5_000;
const LOOK_MS = 1_500;

/** Rounding of the wall clock may move a floor by so much when the clock is set back. */
const ROUNDING_MS = 2;

/** What one computer knows, over all its lives, of the instances of all its domains. */
export class Memory {
  private readonly width: number;
  private readonly bound: number;
  private readonly isCrowded: boolean;
  private readonly domains = new Map<string, Map<string, Heard>>();
  private readonly bits = new Map<string, number>();
  private floor: Floor = { low: 0, high: 0 };
  private last: Last | undefined;

  /** @param isCrowded whether there are more instances than windows: whose is forgotten when, nobody can tell */
  constructor(width: number, bound: number, isCrowded: boolean) {
    this.width = width;
    this.bound = bound;
    this.isCrowded = isCrowded;
  }

  /** Windows that may exist at most. */
  get windows(): number {
    return Array.from(this.domains.values()).reduce((sum, instances) => {
      const known = Array.from(instances.values()).filter(({ isKnown, isVague }) => isKnown || isVague);
      return sum + Math.min(known.length, this.bound);
    }, 0);
  }

  /** What is stamped from here on is not too old for a new window. */
  get newestFloor(): number {
    return this.floor.high;
  }

  /** A process begins; `hasFile`: with the windows of the one before it. */
  begin(now: number, hasFile: boolean): void {
    const { low, high } = this.floor;
    this.floor = hasFile ? { low: Math.min(low, now), high: Math.min(high, now) } : { low: now, high: now };
    for (const heard of this.all()) {
      heard.computer = '';
      if (hasFile && heard.isVague) continue;
      if (hasFile && heard.isKept) recall(heard);
      else forget(heard);
      // Without the file, what a sender whose clock is ahead stamped with a time after our start may come again.
      if (!hasFile) heard.states.length = 0;
    }
  }

  /** The clock was set back. From which moment on the process knows, nobody can tell. */
  setBack(ms: number): void {
    this.floor = { low: this.floor.low - ms - ROUNDING_MS, high: this.floor.high };
  }

  /** … but now it does. */
  noticeSetBack(ms: number): void {
    this.floor = { low: this.floor.low, high: this.floor.high - ms + ROUNDING_MS };
  }

  /** @param sender empty: ourselves. `now` is by the clock that never jumps. */
  note(domain: string, { instance, counter, stamp }: Identity, sender: string, now: number): Novelty {
    const heard = this.heard(domain, instance);
    // Past a leap either line may go on: that nothing comes twice is still seen at each delivery.
    if (heard.isKnown && Math.abs(counter - heard.highest) >= this.width) heard.isVague = true;
    const floor = heard.isKnown ? heard.floor : this.floor;
    if (this.isCrowded) heard.isVague = true;
    if (heard.isVague) return 'unsure';
    if (stamp < floor.low) return 'clock';
    if (stamp < floor.high) {
      heard.isVague = true;
      return 'unsure';
    }
    const computer = sender.toUpperCase();
    const isNewer = stamp > heard.stamp;
    if (heard.isKnown && heard.computer !== '' && computer !== '' && heard.computer !== computer) {
      const silence = now - heard.heardAt;
      if (silence < CLAIM_MS - LOOK_MS) return 'forged';
      if (silence <= CLAIM_MS + LOOK_MS) {
        heard.isVague = true;
        return 'unsure';
      }
      heard.computer = '';
    }
    const isNoted = ((heard.states[counter] ?? 0) & NOTED) !== 0;
    if (isNoted) {
      if (!isNewer) return 'duplicate';
      beginAnew(heard, counter);
    }
    if (!heard.isKnown) this.enter(heard, counter);
    heard.states[counter] = (heard.states[counter] ?? 0) | NOTED;
    heard.fresh.push(counter);
    heard.highest = Math.max(heard.highest, counter);
    heard.stamp = Math.max(heard.stamp, stamp);
    heard.heardAt = now;
    if (heard.computer === '') heard.computer = computer;
    return 'new';
  }

  /** What was noted of this instance is on disk. */
  keep(domain: string, instance: string): void {
    const heard = this.heard(domain, instance);
    heard.fresh = [];
    heard.keptHighest = heard.highest;
    heard.keptStamp = heard.stamp;
    heard.isAnew = false;
    heard.isKept = true;
  }

  /** Whether it was noted in that domain, or is so old that it may have been. */
  has(domain: string, { instance, counter, stamp }: Identity): Novelty {
    const heard = this.heard(domain, instance);
    if (heard.isVague) return 'unsure';
    if (!heard.isKnown || stamp > heard.stamp) return 'new';
    if (stamp < heard.floor.low) return 'duplicate';
    if (stamp < heard.floor.high) return 'unsure';
    if (counter > heard.highest) return 'new';
    const isNoted = heard.highest - counter >= this.width || ((heard.states[counter] ?? 0) & NOTED) !== 0;
    return isNoted ? 'duplicate' : 'new';
  }

  /** False: it was delivered to that slot before. */
  deliver(domain: string, slot: string, { instance, counter }: Identity): boolean {
    const { states } = this.heard(domain, instance);
    const state = states[counter] ?? 0;
    const bit = this.bitOf(slot);
    states[counter] = state | bit;
    return (state & bit) === 0;
  }

  private bitOf(slot: string): number {
    const bit = this.bits.get(slot) ?? 2 << this.bits.size;
    this.bits.set(slot, bit);
    return bit;
  }

  private enter(heard: Heard, counter: number): void {
    heard.isKnown = true;
    heard.floor = { ...this.floor };
    heard.highest = counter;
    heard.stamp = 0;
  }

  private *all(): Generator<Heard> {
    for (const domain of this.domains.values()) yield* domain.values();
  }

  private heard(domain: string, instance: string): Heard {
    const { last } = this;
    if (last?.instance !== instance || last.domain !== domain)
      this.last = { domain, instance, heard: this.look(domain, instance) };
    return (this.last as Last).heard;
  }

  private look(domain: string, instance: string): Heard {
    let instances = this.domains.get(domain);
    if (instances === undefined) {
      instances = new Map();
      this.domains.set(domain, instances);
    }
    let heard = instances.get(instance);
    if (heard === undefined) {
      const floor = { low: 0, high: 0 };
      const [isKnown, isVague, isKept, highest, keptHighest] = [false, false, false, 0, 0];
      const [computer, stamp, keptStamp, heardAt, isAnew] = ['', 0, 0, 0, false] as const;
      const numbers = { highest, keptHighest, stamp, keptStamp, heardAt };
      heard = { isKnown, isVague, isKept, isAnew, floor, ...numbers, states: [], fresh: [], computer };
      instances.set(instance, heard);
    }
    return heard;
  }
}

/** As it was on disk. */
function recall(heard: Heard): void {
  for (const counter of heard.fresh) heard.states[counter] = (heard.states[counter] ?? 0) & ~NOTED;
  heard.fresh = [];
  heard.highest = heard.keptHighest;
  heard.stamp = heard.keptStamp;
  heard.heardAt = 0;
  if (heard.isAnew) heard.isVague = true;
  heard.isAnew = false;
}

/** Somebody spoiled its numbers: only what was stamped later than all that came is new. */
function beginAnew(heard: Heard, counter: number): void {
  heard.states.forEach((state, each) => {
    heard.states[each] = state & ~NOTED;
  });
  heard.floor = { low: heard.stamp + 1, high: heard.stamp + 1 };
  heard.highest = counter;
  heard.fresh = [];
  heard.computer = '';
  heard.isAnew = true;
}

function forget(heard: Heard): void {
  heard.states.forEach((state, counter) => {
    heard.states[counter] = state & ~NOTED;
  });
  heard.fresh = [];
  heard.isKnown = false;
  heard.isKept = false;
  heard.isVague = false;
}
