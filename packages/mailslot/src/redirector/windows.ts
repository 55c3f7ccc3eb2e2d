import { MAX_WINDOWS, WINDOW_MESSAGES, WINDOW_SEARCH, WINDOW_STALE_MS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { Log } from '../ports/log.js';
import type { Identity } from '../transport/datagram.js';
import { SlotGaps } from './gaps.js';
import {
  isMarked,
  mark,
  putProgress,
  putRecord,
  type RecordHead,
  readRecord,
  recordBytes,
} from './window-record.js';

/** What is known of one instance: above all which of its messages were received. */
export interface Window {
  readonly instance: string;
  /** Messages stamped before this may have been delivered by who was here before us, and nobody would know. */
  readonly floor: number;
  /** The highest counter received. */
  highest: number;
  /** The latest time stamp received. */
  stamp: number;
  /** When it was heard last, by the clock that never jumps. */
  heardAt: number;
  /** Its computer, as spelled first; empty for our own instances, and for those not heard since our start. */
  computer: string;
  readonly gaps: SlotGaps;
  /** Where its record is in the image. */
  readonly at: number;
  /** The windows of its domain. */
  readonly home: Map<string, Window>;
}

/**
 * Why a message is not new: it came before; nobody knows whether it did; too many instances were heard lately; the
 * instance is another computer's, whose messages it would have taken the numbers of.
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
  ofDomain(domain: string): DomainWindows;
  /** Our clock was set back by so much. */
  setBack(ms: number): void;
  close(): void;
}

/** Bounds, for tests and simulations of many computers in little memory. */
export interface WindowBounds {
  /** Messages of one instance that may overtake each other; a multiple of 8, in a file of 512. Default 4096. */
  readonly messages?: number;
  /** Instances. Default 32,768. */
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
  private readonly capacity: number;
  private readonly record: number;
  private readonly homes = new Map<number, Map<string, Window>>();
  /** By the place of their records; `undefined` where a record is free. */
  private readonly rows: (Window | undefined)[] = [];
  private readonly free: number[] = [];
  private image: Buffer = Buffer.alloc(0);
  /** Our start, before which somebody else may have delivered. */
  private start = 0;
  /** The latest stamp of those that were forgotten. */
  private forgotten = Number.NEGATIVE_INFINITY;
  private isFloorKept = true;
  /** Where the next search for a stale window begins. */
  private hand = 0;

  constructor(keeper: WindowKeeper | undefined, bounds: WindowBounds) {
    this.keeper = keeper;
    this.width = bounds.messages ?? WINDOW_MESSAGES;
    this.capacity = bounds.instances ?? MAX_WINDOWS;
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
      if (head === undefined) this.free.push(this.rows.length);
      this.rows.push(head && this.enter(head, at, 0));
    }
  }

  ofDomain(domain: string): DomainWindows {
    const tag = tagOf(domain);
    const home = this.homeOf(tag);
    return {
      note: (identity, heardAt, computer) => this.note(home, tag, identity, heardAt, computer),
      has: (identity) => this.has(home, identity),
      keep: (window) => this.keep(window),
      [Symbol.iterator]: () => home.values(),
    };
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

  private note(
    home: Map<string, Window>,
    tag: number,
    identity: Identity,
    heardAt: number,
    computer: string,
  ): Window | WindowRefusal {
    const { instance, counter, stamp } = identity;
    let window = home.get(instance);
    if (stamp < (window === undefined ? this.floor : window.floor)) return 'clock';
    if (window === undefined) {
      const at = this.room(heardAt);
      if (at === undefined) return 'rate';
      const head = { tag, instance, highest: counter, stamp, floor: this.floor };
      putRecord(this.image, at, this.width, head);
      window = this.enter(head, at, heardAt);
      this.rows[at / this.record] = window;
    }
    if (window.computer !== computer && !isOf(window, computer)) return 'forged';
    if (!mark(this.image, window.at, this.width, window.highest, counter)) return 'duplicate';
    if (counter > window.highest) window.highest = counter;
    if (stamp > window.stamp) window.stamp = stamp;
    window.heardAt = heardAt;
    if (window.computer === '') window.computer = computer;
    return window;
  }

  private has(home: Map<string, Window>, { instance, counter }: Identity): boolean {
    const window = home.get(instance);
    return window !== undefined && isMarked(this.image, window.at, this.width, window.highest, counter);
  }

  private keep(window: Window): void {
    if (this.keeper === undefined) return;
    // The floor first: it stands for the window whose record is about to be written over.
    if (!this.isFloorKept) this.keeper.setFloor(this.floor);
    this.isFloorKept = true;
    putProgress(this.image, window.at, window.highest, window.stamp);
    this.keeper.write(this.image, window.at);
  }

  private enter(head: RecordHead, at: number, heardAt: number): Window {
    const { instance, floor, highest, stamp } = head;
    const home = this.homeOf(head.tag);
    const gaps = new SlotGaps();
    const window = { instance, floor, highest, stamp, heardAt, computer: '', gaps, at, home };
    home.set(instance, window);
    return window;
  }

  private homeOf(tag: number): Map<string, Window> {
    const known = this.homes.get(tag);
    if (known) return known;
    const home = new Map<string, Window>();
    this.homes.set(tag, home);
    return home;
  }

  /** Where a new record may go. */
  private room(heardAt: number): number | undefined {
    const place =
      this.free.pop() ?? (this.rows.length < this.capacity ? this.rows.length : this.evict(heardAt));
    if (place === undefined) return undefined;
    const at = place * this.record;
    if (at + this.record > this.image.length) this.grow();
    return at;
  }

  private grow(): void {
    const records = Math.min(this.capacity, Math.max(4, 2 * this.rows.length));
    const image = Buffer.alloc(records * this.record);
    image.set(this.image);
    this.image = image;
  }

  /** Forgets an instance that has been silent for so long that all its messages are too old. */
  private evict(heardAt: number): number | undefined {
    for (let looked = 0; looked < WINDOW_SEARCH && looked < this.rows.length; looked += 1) {
      const place = this.hand;
      this.hand = (place + 1) % this.rows.length;
      const window = this.rows[place];
      if (window === undefined || heardAt - window.heardAt <= WINDOW_STALE_MS) continue;
      window.home.delete(window.instance);
      // Its messages would be new again if our clock were set back: so from now on they are below the floor.
      this.forgotten = Math.max(this.forgotten, window.stamp);
      this.isFloorKept = false;
      return place;
    }
    return undefined;
  }
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
