import type { Clock } from '../../ports/clock.js';

/** A look at whether more come: many turns in which nothing else happens. */
const LOOK_MS = 1;

/** Who is read from, and can be left alone for a moment. */
export interface Held {
  /** Whether it may be read from otherwise. */
  readonly mayRead: boolean;
  readonly link: { resume(): void };
}

/**
 * Lets those who come be greeted although others write without a pause. Node takes one connection from the system in
 * each turn of its loop, and a turn lasts until all who have sent something were read from: the last of many newcomers
 * would wait for as many turns.
 *
 * So when somebody came, nobody is read from until no more come, or for as long as data has had before: who connects
 * again and again takes half of the time, and no more.
 */
export class Newcomers {
  private readonly clock: Pick<Clock, 'monotonic' | 'afterIdle'>;
  private readonly held = new Set<Held>();
  private hasCome = false;
  private isWatching = false;
  private isFirst = false;
  /** When the time began that data has. */
  private begun = 0;
  /** When the time of those who come is over. */
  private until = 0;

  constructor(clock: Pick<Clock, 'monotonic' | 'afterIdle'>) {
    this.clock = clock;
  }

  /** Somebody has come. */
  came(): void {
    this.hasCome = true;
    if (this.isWatching) return;
    this.isWatching = true;
    this.begun = this.clock.monotonic();
    this.lookLater();
  }

  /** Whether `reader` is not to be read from now; it is told when it may be. */
  holds(reader: Held): boolean {
    if (this.isFirst) this.held.add(reader);
    return this.isFirst;
  }

  private lookLater(): void {
    this.clock.afterIdle(LOOK_MS, () => this.look());
  }

  private look(): void {
    const now = this.clock.monotonic();
    const { hasCome } = this;
    this.hasCome = false;
    if (!this.isFirst) {
      this.isWatching = hasCome;
      this.isFirst = hasCome;
      this.until = now + (now - this.begun);
    } else if (!hasCome || now >= this.until) this.release(now);
    if (this.isWatching) this.lookLater();
  }

  private release(now: number): void {
    this.isFirst = false;
    this.begun = now;
    const held = [...this.held];
    this.held.clear();
    for (const reader of held) if (reader.mayRead) reader.link.resume();
  }
}
