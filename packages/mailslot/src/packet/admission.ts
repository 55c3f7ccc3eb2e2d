import {
  MAX_SESSION_SOURCES,
  NEW_SESSIONS_PER_SECOND,
  NEW_SESSIONS_PER_SOURCE,
  UNMARKED_SESSIONS_PER_SECOND,
} from '../limits.js';
import type { Random } from '../ports/random.js';

/**
 * Which packets of sessions that are not known are tried, when there are more than a second allows.
 *
 * Nobody is first come, first served: each source has its share, and who is within it is drawn by lot, with the odds that
 * the last second had. Sessions that do not bear the right mark, which anybody can make up, have an allowance of their own.
 */
export class Admission {
  private readonly marked: Allowance;
  private readonly unmarked: Allowance;

  constructor(random: Random) {
    this.marked = new Allowance(NEW_SESSIONS_PER_SECOND, random);
    this.unmarked = new Allowance(UNMARKED_SESSIONS_PER_SECOND, random);
  }

  /** Whether a packet of a session that bears the right mark, or does not, may be tried. */
  admits(isMarked: boolean, source: string): boolean {
    return (isMarked ? this.marked : this.unmarked).takes(source);
  }

  /** A second has passed. */
  tick(): void {
    this.marked.tick();
    this.unmarked.tick();
  }
}

class Allowance {
  private readonly perSecond: number;
  private readonly random: Random;
  private readonly bySource = new Map<string, number>();
  private taken = 0;
  /** Those that were within their source's share. */
  private asked = 0;
  /** How many of 65,536 are admitted. */
  private odds = 0x1_0000;

  constructor(perSecond: number, random: Random) {
    this.perSecond = perSecond;
    this.random = random;
  }

  takes(source: string): boolean {
    const before = this.bySource.get(source) ?? 0;
    if (before >= NEW_SESSIONS_PER_SOURCE) return false;
    // More sources than that are made up: they share one's part.
    if (before > 0 || this.bySource.size < MAX_SESSION_SOURCES) this.bySource.set(source, before + 1);
    this.asked += 1;
    if (this.taken >= this.perSecond || !this.isDrawn()) return false;
    this.taken += 1;
    return true;
  }

  tick(): void {
    this.odds = Math.min(0x1_0000, Math.ceil((0x1_0000 * this.perSecond) / Math.max(1, this.asked)));
    this.asked = 0;
    this.taken = 0;
    this.bySource.clear();
  }

  private isDrawn(): boolean {
    if (this.odds === 0x1_0000) return true;
    const [high = 0, low = 0] = this.random.bytes(2);
    return high * 0x100 + low < this.odds;
  }
}
