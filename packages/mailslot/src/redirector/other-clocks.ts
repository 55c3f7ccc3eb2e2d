import { MAX_OTHER_CLOCKS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';

/** A computer whose messages were thrown away because of their time stamps. */
export interface OtherClock {
  readonly computer: string;
  /** Where the last of them came from. */
  readonly address: string;
  /** How far its stamp was ahead of our clock, in ms; below 0: behind it. */
  readonly aheadMs: number;
  readonly messages: number;
}

/** The latest of them, to be shown: whose clock to set. */
export class OtherClocks {
  /** Who was heard longest ago comes first. */
  private readonly byComputer = new Map<string, OtherClock>();

  note(computer: string, address: string, aheadMs: number): void {
    const key = upperCase(computer);
    const messages = (this.byComputer.get(key)?.messages ?? 0) + 1;
    this.byComputer.delete(key);
    this.byComputer.set(key, { computer, address, aheadMs, messages });
    if (this.byComputer.size <= MAX_OTHER_CLOCKS) return;
    this.byComputer.delete(this.byComputer.keys().next().value as string);
  }

  /** Our clock was set: what it showed before says nothing of the others'. */
  forget(): void {
    this.byComputer.clear();
  }

  all(): readonly OtherClock[] {
    return [...this.byComputer.values()];
  }
}
