import type { Bench } from '../bench.js';
import type { ContestantName } from '../contestants/all.js';
import { medianRatio } from '../statistics.js';
import type { Posts } from './ends.js';

/** Ours, and what is there without it. */
export const natsContestants = ['nats-clear', 'nats-sealed', 'nats-bare'] as const;

/** Lengths of the messages. */
export const sizes = [64, 400, 4096] as const;

/** How much of what the client library does alone ours must do. */
export const targetShares = { 'nats-clear': 0.8, 'nats-sealed': 0.4 } as const;

/** As in names of targets. */
export const natsTitles = { 'nats-clear': 'in clear', 'nats-sealed': 'sealed' } as const;

/** Two processes with nothing but the server between them. */
export async function natsPosts(bench: Bench): Promise<Posts> {
  const place = await bench.placeFor('nats-bare');
  return [{ place }, { place }];
}

/** The figures of one contestant, a round each. */
export function figuresOf<N extends ContestantName, T>(
  runs: ReadonlyMap<N, readonly T[]>,
  name: N,
  value: (run: T) => number,
): number[] {
  return (runs.get(name) ?? []).map(value);
}

/** What one contestant did as a multiple of what another did in the same round. */
export function ratioOf<N extends ContestantName, T>(
  runs: ReadonlyMap<N, readonly T[]>,
  [name, base]: readonly [N, N],
  value: (run: T) => number,
): number {
  return medianRatio(figuresOf(runs, name, value), figuresOf(runs, base, value));
}
