import type { Bench } from './bench.js';

/** One thing that every transport does. */
export interface ConformanceCase {
  readonly title: string;
  /** Rejects if the transports of the bench do not do it. */
  run(bench: Bench): Promise<void>;
}
