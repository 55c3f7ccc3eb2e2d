import { isIntact, numberOf, probeMask, writerOf } from './messages.js';

/** As long as something arrives, a run goes on. */
const SILENCE_MS = 10_000;
const LOOK_MS = 500;

/** Takes a message as bytes between two positions of a buffer; they are valid during the call. */
export type OnMessage = (bytes: Uint8Array, start: number, end: number) => void;

interface Goal {
  readonly messages: number;
  readonly resolve: (reachedAt: number) => void;
  readonly reject: (error: Error) => void;
  readonly watch: NodeJS.Timeout;
}

/** The reader's half of the check: each writer's messages, all of them, once, in order, with the right bytes. */
export class Verifier {
  /** Messages so far, all of them right. */
  count = 0;
  /** Sum of their check bytes. */
  sum = 0;
  private readonly size: number;
  private readonly mask: number;
  private readonly expected: Uint32Array;
  private goal: Goal | undefined;
  private problem: Error | undefined;

  constructor(size: number, writers: number) {
    this.size = size;
    this.mask = probeMask(size);
    this.expected = new Uint32Array(writers);
  }

  /** Takes note of a message. */
  readonly onMessage: OnMessage = (bytes, start, end) => {
    const writer = writerOf(bytes, start);
    const number = numberOf(bytes, start);
    if (number !== this.expected[writer] || !isIntact(bytes, start, end, this.size, this.mask)) {
      this.fail(this.explain(writer, number, end - start));
      return;
    }
    this.expected[writer] = number + 1;
    this.sum += bytes[end - 1] as number;
    this.count += 1;
    if (this.goal !== undefined && this.count >= this.goal.messages) this.reach(this.goal);
  };

  /** Resolves, with the time in nanoseconds, when that many messages have arrived; rejects at the first wrong one. */
  reached(messages: number): Promise<number> {
    if (this.problem) return Promise.reject(this.problem);
    return new Promise((resolve, reject) => {
      let before = -1;
      let lookedAt = Date.now();
      const watch = setInterval(() => {
        if (this.count !== before) lookedAt = Date.now();
        else if (Date.now() - lookedAt > SILENCE_MS)
          this.fail(`${this.count} of ${messages} messages arrived, then none for ${SILENCE_MS / 1000} s`);
        before = this.count;
      }, LOOK_MS);
      const goal: Goal = { messages, resolve, reject, watch };
      if (this.count >= messages) this.reach(goal);
      else this.goal = goal;
    });
  }

  /** Throws if what writers say they wrote is not what arrived. */
  compare(sumOfWriters: number): void {
    if (this.problem) throw this.problem;
    if (sumOfWriters !== this.sum)
      throw new Error(
        `the check bytes of the writers sum to ${sumOfWriters}, those that arrived to ${this.sum}`,
      );
  }

  private reach(goal: Goal): void {
    this.goal = undefined;
    clearInterval(goal.watch);
    goal.resolve(now());
  }

  private fail(why: string): void {
    this.problem ??= new Error(why);
    const { goal } = this;
    if (goal === undefined) return;
    this.goal = undefined;
    clearInterval(goal.watch);
    goal.reject(this.problem);
  }

  private explain(writer: number, number: number, length: number): string {
    if (length !== this.size) return `a message of ${length} bytes arrived where all have ${this.size}`;
    const expected = this.expected[writer];
    if (expected === undefined) return `a message of writer ${writer}, who does not exist, arrived`;
    const message = `message ${number} of writer ${writer}`;
    if (number > expected)
      return `${message} arrived where ${expected} comes next: messages were lost or overtaken`;
    if (number < expected) return `${message} arrived again, or late`;
    return `${message} arrived with wrong bytes`;
  }
}

/** Nanoseconds on the clock that all processes of this computer share. */
export function now(): number {
  return Number(process.hrtime.bigint());
}
