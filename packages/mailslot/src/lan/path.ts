import {
  LAN_BASE_PACKET,
  LAN_LONGEST_PROBE,
  LAN_PROBE_FRESH_MS,
  LAN_PROBE_RETRY_MS,
  LAN_PROBE_SIZES,
  LAN_PROBE_TRIES,
  MAX_PACKET,
} from '../limits.js';

const SIZES: readonly number[] = [...LAN_PROBE_SIZES, LAN_LONGEST_PROBE];
const FULL_BATCH: number = LAN_PROBE_SIZES.at(-1) as number;

/** The size to try where packets of that length are full. */
export function probeFor(size: number): number {
  return size <= FULL_BATCH ? FULL_BATCH : LAN_LONGEST_PROBE;
}

/** The sizes of one try, up to that one. */
export function sizesUpTo(top: number): readonly number[] {
  return SIZES.filter((size) => size <= top);
}

/**
 * How long a packet may be on one path to one instance: by the group, or to one address. Nothing is taken for granted:
 * only what its answers showed counts (path MTU discovery, RFC 8899).
 */
export class Path {
  /** The longest packet that was shown to arrive; 0: none was. */
  shown = 0;
  /** The shortest that is known to be lost, while shorter ones arrive. */
  lostFrom: number = Number.POSITIVE_INFINITY;
  /** The peer was heard from elsewhere, or names this address no more: what was shown may not hold. */
  isDoubtful = false;
  /** When an answer came last, and when one did that knew of the longest packet that is shown, up to a full batch. */
  private answeredAt = Number.NEGATIVE_INFINITY;
  private confirmedAt = Number.NEGATIVE_INFINITY;
  /** Whether a try is in flight, and which one it is or was last, from 1. */
  private isTrying = false;
  private tries = 0;
  /** What the tries go up to, and what answers to them said. */
  private top = 0;
  private best = 0;
  /** The largest size that was ever decided. */
  private decided = 0;
  /** When any size, the one that is shown, and the largest one was decided last. */
  private checkedAt = Number.NEGATIVE_INFINITY;
  private sizedAt = Number.NEGATIVE_INFINITY;
  private triedAt = Number.NEGATIVE_INFINITY;

  /** It was tried as often as it takes, and nothing arrived. */
  get hasFailed(): boolean {
    return this.decided > 0 && this.shown === 0;
  }

  /** Whether an answer has lately shown that packets arrive. */
  arrives(now: number): boolean {
    return this.held > 0 && now - this.answeredAt <= LAN_PROBE_FRESH_MS;
  }

  /**
   * The longest packet that it carries, as far as is known now: while a try has gone unanswered, what the next one shows; and
   * at once what an answer says that knows of shorter ones only.
   */
  get held(): number {
    const isInDoubt = this.tries > 1 || (this.tries === 1 && this.best > 0);
    return isInDoubt ? Math.min(this.shown, this.best) : this.shown;
  }

  /** Until when that is trusted, if what was shown is for so long: a path may get worse without a word. */
  trustedUntil(trust: number): number {
    return this.confirmedAt + trust;
  }

  /** The longest packet that it carries, as far as answers have shown since `since`; the base, if they are older. */
  heldSince(since: number): number {
    return this.confirmedAt >= since ? this.held : Math.min(this.held, LAN_BASE_PACKET);
  }

  /** Whether packets of that size were shown to arrive since then. Nothing longer than the longest probe can be tried. */
  carries(size: number, since: number): boolean {
    const shownAt = size <= LAN_BASE_PACKET ? this.answeredAt : this.confirmedAt;
    return this.held > 0 && this.held >= Math.min(size, LAN_LONGEST_PROBE) && shownAt >= since;
  }

  /** Longer packets are known to be lost. Between sizes that are tried none counts, but before the longest. */
  get limit(): number {
    return this.lostFrom <= FULL_BATCH ? this.shown : this.lostFrom - 1;
  }

  loses(size: number): boolean {
    return size > this.limit;
  }

  /**
   * Up to which size it should be tried now for packets that want `wanted`; 0: it need not.
   *
   * @param refresh after how long what is in use is shown again, in ms
   */
  due(wanted: number, now: number, refresh: number): number {
    if (this.isTrying) return 0;
    if (this.tries > 0) return this.top;
    if (wanted > this.decided) return wanted;
    if (this.isDoubtful) return LAN_BASE_PACKET;
    if (wanted > this.shown && now - this.triedAt >= LAN_PROBE_RETRY_MS) return wanted;
    if (this.shown === 0) return 0;
    const isInUse = wanted > LAN_BASE_PACKET && this.shown > LAN_BASE_PACKET;
    if (isInUse && now - this.sizedAt >= refresh) return Math.min(this.shown, FULL_BATCH);
    return now - this.checkedAt >= refresh ? LAN_BASE_PACKET : 0;
  }

  /** A try goes up to `top`. Returns which it is, from 1. */
  begin(top: number): number {
    if (this.tries === 0) {
      this.top = top;
      this.best = 0;
    }
    this.isTrying = true;
    this.tries += 1;
    return this.tries;
  }

  /** Packets up to that length arrived. Returns whether there is nothing more to try. */
  answered(size: number, now: number): boolean {
    this.answeredAt = now;
    const arrived = sizesUpTo(this.top).findLast((each) => each <= size) ?? 0;
    this.best = Math.max(this.best, arrived);
    this.shown = Math.max(this.shown, arrived);
    if (arrived >= Math.min(this.shown, FULL_BATCH)) this.confirmedAt = now;
    if (this.shown >= this.lostFrom) this.lostFrom = Number.POSITIVE_INFINITY;
    if (this.best > 0) this.isDoubtful = false;
    if (this.best < this.top) return false;
    this.decide(now);
    return true;
  }

  /** Whether it was tried before, in a row, and nothing came back. */
  get isUnheard(): boolean {
    return this.tries > 1 && this.best === 0;
  }

  /** The time of a try is over. */
  timedOut(now: number): void {
    if (!this.isTrying) return;
    this.isTrying = false;
    if (this.tries >= LAN_PROBE_TRIES) this.decide(now);
  }

  /** The tries that are under way are over without a result. */
  abandon(): void {
    this.isTrying = false;
    this.tries = 0;
  }

  /** What was shown is to be shown anew. */
  doubt(): void {
    this.isDoubtful = this.shown > 0;
  }

  private decide(now: number): void {
    const { top, best } = this;
    this.isTrying = false;
    this.tries = 0;
    this.isDoubtful = false;
    this.checkedAt = now;
    if (top >= Math.min(this.shown, FULL_BATCH)) this.sizedAt = now;
    if (top >= this.decided) this.triedAt = now;
    this.decided = Math.max(this.decided, top);
    if (best === top) return;
    this.shown = best;
    this.confirmedAt = this.answeredAt;
    // Who never answers may be of an older version, or not there at all.
    this.lostFrom = best === 0 ? Number.POSITIVE_INFINITY : (SIZES.find((size) => size > best) ?? MAX_PACKET);
  }
}
