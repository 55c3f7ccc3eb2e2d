import {
  CLAIM_MS,
  MAX_OPEN_WINDOWS,
  MAX_WINDOWS,
  NUMBERS_AT_ONCE,
  NUMBERS_PER_SECOND,
  WINDOW_MESSAGES,
  WINDOW_SEARCH,
  WINDOW_STALE_MS,
} from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { Log } from '../ports/log.js';
import type { Identity } from '../transport/datagram.js';
import { SlotGaps } from './gaps.js';
import { hasIn, joinLower, type Line, type LowerLine, lowerLine, startOf, takeIn } from './window-line.js';
import {
  putProgress,
  putRecord,
  type RecordHead,
  type RecordProgress,
  readRecord,
  recordBytes,
} from './window-record.js';

/** What is known of one instance: above all which of its messages were received. */
export interface Window extends Line {
  readonly instance: string;
  /** What it had come to before its counter leapt: the leap may be a lie, and then it goes on from there. */
  lower: LowerLine | undefined;
  /** Below the lowest line only what was stamped later than this is new. */
  below: number;
  /** Whether the latest message was of the lower line: then the upper one may be made up. */
  isLowerLast: boolean;
  /** When it was heard last, by the clock that never jumps. */
  heardAt: number;
  /** Its computer, as spelled first; empty for our own instances, and for those not heard since our start. */
  computer: string;
  readonly gaps: SlotGaps;
  readonly home: Home;
}

/** The windows of one domain, with a bound of their own: who fills those of one keeps nobody out of another. */
interface Home {
  readonly tag: number;
  capacity: number;
  readonly windows: Map<string, Window>;
  /** Where its records are. */
  readonly places: number[];
  /** At which of them the next search for a stale one begins. */
  hand: number;
}

/**
 * Why a message is not new: it came before; nobody knows whether it did; too many instances were heard lately; the
 * instance is another computer's, whose messages it would have taken the numbers of, or has not come to that number yet.
 */
export type WindowRefusal = 'duplicate' | 'clock' | 'rate' | 'forged';

/** The windows of one domain: what is known in one cannot be spoiled by members of another. */
export interface DomainWindows extends Iterable<Window> {
  /**
   * Whether the message is new, which it is only once. `heardAt` is by the clock that never jumps, `computer` its sender;
   * empty: ourselves.
   */
  note(identity: Identity, heardAt: number, computer: string): Window | WindowRefusal;
  /** Whether it was noted, or is so old that it may have been. */
  has(identity: Identity): boolean;
  /** Makes sure that what was noted is known also after this process was killed; to be called before a delivery. */
  keep(window: Window): void;
}

/** Which messages were received, of every instance that was heard lately. */
export interface WindowStore {
  /** Begins. What an earlier run delivered is known again; if not, only what is sent from `now` on is new. */
  open(now: number, log: Log): void;
  /** Of what comes from members of a domain. */
  ofDomain(domain: string): DomainWindows;
  /** Of what comes from anybody, who must not be able to spoil those of members. */
  ofAnybody(domain: string): DomainWindows;
  /** Our clock was set back by so much. */
  setBack(ms: number): void;
  close(): void;
}

/** Bounds, for tests and simulations of many computers in little memory. */
export interface WindowBounds {
  /** Messages of one instance that may overtake each other; a multiple of 8, in a file of 512. Default 4096. */
  readonly messages?: number;
  /** Instances of each domain. Default 32,768; of those that anybody can make up 4,096. */
  readonly instances?: number;
}

/** Known as long as this process lives. */
export function memoryWindows(bounds: WindowBounds = {}): WindowStore {
  return new Windows(undefined, bounds);
}

/** What an earlier run left. */
export interface WindowsLeft {
  readonly floor: number;
  /** The records, one behind the other. */
  readonly image: Buffer;
}

/** Where windows are kept beyond the life of this process. None of these throws. */
export interface WindowKeeper {
  /** What it holds; `undefined` if that is nothing to rely on: then it is empty now, with `now` as the floor. */
  open(now: number, log: Log): WindowsLeft | undefined;
  /** Writes the record that starts at `at` of the image. */
  write(image: Buffer, at: number): void;
  setFloor(floor: number): void;
  close(): void;
}

/** The windows in memory, whose image a keeper may keep. */
export class Windows implements WindowStore {
  private readonly keeper: WindowKeeper | undefined;
  private readonly width: number;
  private readonly bounds: WindowBounds;
  private readonly record: number;
  private readonly homes = new Map<number, Home>();
  /** By the place of their records; `undefined` where a record is free. */
  private readonly rows: (Window | undefined)[] = [];
  private readonly free: number[] = [];
  private image: Buffer = Buffer.alloc(0);
  /** Our start, before which somebody else may have delivered. */
  private start = 0;
  /** The latest stamp of those that were forgotten. */
  private forgotten = Number.NEGATIVE_INFINITY;
  private isFloorKept = true;

  constructor(keeper: WindowKeeper | undefined, bounds: WindowBounds) {
    this.keeper = keeper;
    this.width = bounds.messages ?? WINDOW_MESSAGES;
    this.bounds = bounds;
    this.record = recordBytes(this.width);
  }

  open(now: number, log: Log): void {
    this.start = now;
    const left = this.keeper?.open(now, log);
    if (left === undefined) return;
    // A floor that lies ahead was made before the clock was set back.
    this.start = Math.min(left.floor, now);
    if (this.start < left.floor) this.keeper?.setFloor(this.start);
    this.image = left.image;
    for (let at = 0; at < left.image.length; at += this.record) {
      const head = readRecord(left.image, at);
      const place = this.rows.length;
      const isLeft = head !== undefined && !this.isOver(head, now);
      if (!isLeft) this.free.push(place);
      this.rows.push(isLeft ? this.enter(this.homeOf(head.tag), head, at, 0) : undefined);
      if (isLeft) this.homeOf(head.tag).places.push(place);
    }
  }

  ofDomain(domain: string): DomainWindows {
    return this.windowsOf(domain, this.bounds.instances ?? MAX_WINDOWS);
  }

  ofAnybody(domain: string): DomainWindows {
    // No domain's name has a NUL.
    return this.windowsOf(`${domain}\0`, this.bounds.instances ?? MAX_OPEN_WINDOWS);
  }

  setBack(ms: number): void {
    // Our start by the clock as it goes now: whoever was set back with us stamps messages from there on.
    this.start -= ms;
    this.keeper?.setFloor(this.floor);
  }

  /** What an instance must not have stamped before, if there is no window of it. */
  private get floor(): number {
    return Math.max(this.start, this.forgotten + 1);
  }

  close(): void {
    this.keeper?.close();
  }

  private windowsOf(name: string, capacity: number): DomainWindows {
    const home = this.homeOf(tagOf(name));
    home.capacity = capacity;
    return {
      note: (identity, heardAt, computer) => this.note(home, identity, heardAt, computer),
      has: (identity) => this.has(home, identity),
      keep: (window) => this.keep(window),
      [Symbol.iterator]: () => home.windows.values(),
    };
  }

  private note(home: Home, identity: Identity, heardAt: number, computer: string): Window | WindowRefusal {
    const { instance, counter, stamp } = identity;
    const known = home.windows.get(instance);
    if (stamp < this.floorFor(known, counter)) return 'clock';
    const window = known ?? this.begin(home, identity, heardAt);
    if (window === undefined) return 'rate';
    const isOfAnother = window.computer !== computer && !isOf(window, computer);
    if (isOfAnother && heardAt - window.heardAt <= CLAIM_MS) return 'forged';
    if (counter - window.highest > leapWithin(heardAt - window.heardAt)) return 'forged';
    const refusal = this.take(window, counter, stamp);
    if (refusal !== undefined) return refusal;
    window.heardAt = heardAt;
    if (window.computer === '' || isOfAnother) window.computer = computer;
    return window;
  }

  /** Stamped before it, a message may have been delivered, and nobody would know. */
  private floorFor(known: Window | undefined, counter: number): number {
    if (known === undefined) return this.floor;
    return counter < known.start ? Number.NEGATIVE_INFINITY : known.floor;
  }

  private has(home: Home, { instance, counter, stamp }: Identity): boolean {
    const window = home.windows.get(instance);
    if (window === undefined) return false;
    const { lower } = window;
    if (counter >= window.start) return hasIn(window, this.image, this.width, counter, stamp);
    if (lower === undefined || counter < lower.start) return stamp <= window.below;
    return hasIn(lower, lower.image, this.width, counter, stamp);
  }

  /** Notes a number in the line that it is of. */
  private take(window: Window, counter: number, stamp: number): 'duplicate' | 'clock' | undefined {
    if (counter < window.start) return this.takeLower(window, counter, stamp);
    const isLeap = counter - window.highest >= this.width;
    if (isLeap && !window.isLowerLast) this.split(window, counter, stamp);
    const refusal = takeIn(window, this.image, this.width, counter, stamp);
    if (refusal === undefined) window.isLowerLast = false;
    return refusal;
  }

  /** Of what came before a leap, or would have. */
  private takeLower(window: Window, counter: number, stamp: number): 'duplicate' | 'clock' | undefined {
    const { lower, below } = window;
    if (lower === undefined || counter < lower.start) {
      if (stamp <= below) return 'duplicate';
      if (lower !== undefined) joinLower(window, lower, this.image, this.width);
      window.lower = lowerLine(this.width, counter, below + 1);
    } else if (counter - lower.highest >= this.width) {
      if (stamp < lower.floor) return 'clock';
      window.below = Math.max(below, lower.stamp);
      window.lower = lowerLine(this.width, counter, lower.floor);
    }
    const line = window.lower as LowerLine;
    const refusal = takeIn(line, line.image, this.width, counter, stamp);
    if (refusal === undefined) window.isLowerLast = true;
    return refusal;
  }

  /** Begins another line at a leap, and keeps the one that leapt, for the leap may be a lie. */
  private split(window: Window, counter: number, stamp: number): void {
    const { lower, at, home } = window;
    if (lower !== undefined) window.below = Math.max(window.below, lower.stamp);
    const { start, highest, floor } = window;
    const image = Buffer.from(this.image.subarray(at, at + this.record));
    window.lower = { start, highest, stamp: window.stamp, floor, image, at: 0 };
    Object.assign(window, { start: startOf(counter, this.width), highest: counter, stamp });
    putRecord(this.image, at, this.width, { tag: home.tag, ...window });
  }

  private keep(window: Window): void {
    if (this.keeper === undefined) return;
    // The floor first: it stands for the window whose record is about to be written over.
    if (!this.isFloorKept) this.keeper.setFloor(this.floor);
    this.isFloorKept = true;
    putProgress(this.image, window.at, progressOf(window));
    this.keeper.write(this.image, window.at);
  }

  /** A window for an instance that has none; undefined: there is no room. */
  private begin(home: Home, { instance, counter, stamp }: Identity, heardAt: number): Window | undefined {
    const place = this.room(home, heardAt);
    if (place === undefined) return undefined;
    const { floor, record } = this;
    const start = startOf(counter, this.width);
    const head = { tag: home.tag, instance, highest: counter, stamp, floor, start, below: floor - 1 };
    putRecord(this.image, place * record, this.width, head);
    const window = this.enter(home, head, place * record, heardAt);
    this.rows[place] = window;
    return window;
  }

  private enter(home: Home, head: RecordHead, at: number, heardAt: number): Window {
    const { instance, floor, highest, stamp, start, below } = head;
    const lines = { floor, highest, stamp, start, below, lower: undefined, isLowerLast: false };
    const window = { instance, ...lines, heardAt, computer: '', gaps: new SlotGaps(), at, home };
    home.windows.set(instance, window);
    return window;
  }

  private homeOf(tag: number): Home {
    const known = this.homes.get(tag);
    if (known) return known;
    const home: Home = { tag, capacity: 0, windows: new Map(), places: [], hand: 0 };
    this.homes.set(tag, home);
    return home;
  }

  /** Whether a record that was left is of no use: of a domain that is no more, and all its messages are too old. */
  private isOver({ tag, ...head }: RecordHead, now: number): boolean {
    const stamp = Math.max(head.stamp, head.below);
    if (this.homes.has(tag) || now - stamp <= WINDOW_STALE_MS) return false;
    this.forgetUpTo(stamp);
    return true;
  }

  /** Where a new record may go. */
  private room(home: Home, heardAt: number): number | undefined {
    if (home.windows.size >= home.capacity) return this.evict(home, heardAt);
    const place = this.free.pop() ?? this.rows.length;
    home.places.push(place);
    if ((place + 1) * this.record > this.image.length) this.grow();
    return place;
  }

  private grow(): void {
    const image = Buffer.alloc(Math.max(4, 2 * this.rows.length) * this.record);
    image.set(this.image);
    this.image = image;
  }

  /** Forgets an instance of the domain that has been silent for so long that all its messages are too old. */
  private evict(home: Home, heardAt: number): number | undefined {
    const { places, windows } = home;
    for (let looked = 0; looked < WINDOW_SEARCH && looked < places.length; looked += 1) {
      const place = places[home.hand % places.length] as number;
      home.hand = (home.hand + 1) % places.length;
      const window = this.rows[place];
      if (window === undefined || heardAt - window.heardAt <= WINDOW_STALE_MS) continue;
      windows.delete(window.instance);
      this.forgetUpTo(Math.max(window.stamp, progressOf(window).below));
      return place;
    }
    return undefined;
  }

  /** What was forgotten would be new again if our clock were set back: so from now on it is below the floor. */
  private forgetUpTo(stamp: number): void {
    this.forgotten = Math.max(this.forgotten, stamp);
    this.isFloorKept = false;
  }
}

/** How far a counter may be above the highest one, so long after that was heard. */
function leapWithin(ms: number): number {
  return NUMBERS_AT_ONCE + (ms * NUMBERS_PER_SECOND) / 1_000;
}

/** What is kept of it: of the lower line no more than that what was stamped later is new. */
function progressOf({ highest, stamp, start, below, lower }: Window): RecordProgress {
  return { highest, stamp, start, below: Math.max(below, lower?.stamp ?? below) };
}

/** Whether a window may be of a computer: of none that it was heard as, or of the same in another spelling. */
function isOf(window: Window, computer: string): boolean {
  return window.computer === '' || computer === '' || upperCase(window.computer) === upperCase(computer);
}

/** FNV-1a: which domain a record is of. */
function tagOf(domain: string): number {
  let tag = 0x811c9dc5;
  for (const byte of Buffer.from(upperCase(domain))) tag = Math.imul(tag ^ byte, 0x01000193) >>> 0;
  return tag;
}
