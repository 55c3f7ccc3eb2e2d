import { MAX_ADDRESSEES } from '../limits.js';
import type { Random } from '../ports/random.js';
import type { Identity } from '../transport/datagram.js';

/** What the next message is told apart by. */
export interface Numbers {
  readonly identity: Identity;
  readonly sequence: number;
}

/** Who we are to others: an instance, which numbers its messages. */
export class Numbering {
  private readonly random: Random;
  private current: string;
  private counter = 0;
  /** The last number for each addressee. */
  private readonly sequences = new Map<string, number>();

  constructor(random: Random) {
    this.random = random;
    this.current = newInstance(random);
  }

  get instance(): string {
    return this.current;
  }

  /** Whether one more addressee is one too many for this instance. */
  isFullFor(addressee: string): boolean {
    return this.sequences.size >= MAX_ADDRESSEES && !this.sequences.has(addressee);
  }

  renew(): void {
    this.current = newInstance(this.random);
    this.counter = 0;
    this.sequences.clear();
  }

  next(addressee: string, stamp: number): Numbers {
    this.counter += 1;
    const sequence = (this.sequences.get(addressee) ?? 0) + 1;
    this.sequences.set(addressee, sequence);
    return { identity: { instance: this.current, counter: this.counter, stamp }, sequence };
  }

  /** The message was not sent after all: its number is the addressee's next, so that nobody misses it. */
  takeBack(addressee: string, { sequence }: Numbers): void {
    if (this.sequences.get(addressee) === sequence) this.sequences.set(addressee, sequence - 1);
  }
}

function newInstance(random: Random): string {
  return Buffer.from(random.bytes(8)).toString('hex');
}
