import type { Bench } from '../bench.js';
import { quantile } from '../statistics.js';
import { type Posts, type Run, withEnds } from './ends.js';

/** How long messages were on their way, in microseconds, and how many did not arrive. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly lostShare: number;
}

/** Milliseconds between messages: all is quiet again before the next one. */
export const PACE_MS = 5;
const WARM_UP_PACE_MS = 1;

/** Lone messages. */
interface Paced {
  readonly count: number;
  /** Others before them, closer together, so that all processes have compiled what they run. */
  readonly warmUp?: number;
}

/** How long each of so many lone messages was on its way, in microseconds; NaN: it did not arrive. */
export function transitTimes(
  bench: Bench,
  posts: Posts,
  run: Run,
  { count, warmUp = 0 }: Paced,
): Promise<number[]> {
  return withEnds(bench, posts, run, async ({ sender, collector }) => {
    if (warmUp > 0) await sender.ask('pace', { count: warmUp, everyMs: WARM_UP_PACE_MS });
    const sent = await sender.ask('pace', { count, everyMs: PACE_MS });
    await collector.ask('settled', warmUp + count);
    const arrivals = (await collector.ask('arrivals', warmUp + count)).subarray(warmUp);
    return sent.map((time, number) => ((arrivals[number] || Number.NaN) - time) / 1000);
  });
}

export function spread(times: readonly number[]): Latency {
  const arrived = times.filter((time) => !Number.isNaN(time));
  return {
    p50: quantile(arrived, 0.5),
    p99: quantile(arrived, 0.99),
    lostShare: 1 - arrived.length / times.length,
  };
}
