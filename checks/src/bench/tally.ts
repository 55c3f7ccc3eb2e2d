import { isIntact, numberOf, probeMask } from './messages.js';
import { now, type OnMessage } from './verifier.js';

/** Of one run, all phases together; 64 MB of times. */
const MESSAGES_MAX = 1 << 23;
/** When nothing has come for so long, what is missing is lost: what waits on its way comes within 100 ms. */
const QUIET_MS = 2000;
const LOOK_MS = 100;

/** What has come of what was sent. */
export interface Settled {
  /** Messages so far. */
  readonly received: number;
  /** When the last one came, in nanoseconds. */
  readonly ended: number;
}

interface Goal {
  readonly messages: number;
  readonly resolve: (settled: Settled) => void;
  readonly reject: (error: Error) => void;
  readonly watch: NodeJS.Timeout;
}

/**
 * The reader's half of the check where messages of the one writer may be lost, and may overtake each other: each comes
 * once at most, whole and unaltered.
 */
export class Tally {
  private readonly size: number;
  private readonly mask: number;
  /** When each message came, in nanoseconds; 0: it did not. Made at once, since growing would cost messages. */
  private readonly times = new Float64Array(MESSAGES_MAX);
  private received = 0;
  private ended = 0;
  private goal: Goal | undefined;
  private problem: Error | undefined;

  constructor(size: number) {
    this.size = size;
    this.mask = probeMask(size);
  }

  /** Takes note of a message. */
  readonly onMessage: OnMessage = (bytes, start, end) => {
    const time = now();
    const number = numberOf(bytes, start);
    const isRight = number < MESSAGES_MAX && isIntact(bytes, start, end, this.size, this.mask);
    if (!isRight || this.times[number] !== 0) {
      this.fail(`message ${number} arrived ${isRight ? 'again' : 'with wrong bytes'}`);
      return;
    }
    this.times[number] = time;
    this.received += 1;
    this.ended = time;
    if (this.goal !== undefined && this.received >= this.goal.messages) this.settle(this.goal);
  };

  /** Resolves when so many messages have come since the beginning, or no more do; rejects at the first wrong one. */
  settled(messages: number): Promise<Settled> {
    return new Promise((resolve, reject) => {
      let before = -1;
      let quietMs = 0;
      const watch = setInterval(() => {
        quietMs = this.received === before ? quietMs + LOOK_MS : 0;
        before = this.received;
        if (quietMs >= QUIET_MS) this.settle(goal);
      }, LOOK_MS);
      const goal = { messages, resolve, reject, watch };
      this.goal = goal;
      if (this.problem) this.fail(this.problem.message);
      else if (this.received >= messages) this.settle(goal);
    });
  }

  /** When each of the first messages came, in nanoseconds; 0: it did not. */
  arrivals(count: number): Float64Array {
    return this.times.slice(0, count);
  }

  private settle({ watch, resolve }: Goal): void {
    this.goal = undefined;
    clearInterval(watch);
    resolve({ received: this.received, ended: this.ended });
  }

  private fail(why: string): void {
    this.problem ??= new Error(why);
    const { goal } = this;
    if (goal === undefined) return;
    this.goal = undefined;
    clearInterval(goal.watch);
    goal.reject(this.problem);
  }
}
