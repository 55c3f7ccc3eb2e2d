import type { Bench } from '../bench.js';
import { type Computer, type Wire, withLan } from '../processes/lan.js';

/** Ours, and what is there without it. */
export const lanContestants = ['mailslot-lan', 'multicast'] as const;

/** As in tables. */
export const wireTitles: Readonly<Record<Wire, string>> = {
  loopback: 'loopback',
  namespaces: 'two network namespaces',
};

/** Two computers that know each other; who writes is on the first. */
export type Pair = readonly [Computer, Computer];

/** Puts them up, and takes them down. They use IPv4 as the peer does, unless that is not what is measured. */
export function withPair<T>(
  bench: Bench,
  wire: Wire,
  use: (pair: Pair) => Promise<T>,
  family: 'any' | 'IPv4' = 'IPv4',
): Promise<T> {
  return withLan(bench, wire, async (lan) => {
    const here = await lan.computer('HERE', lan.here, family);
    const there = await lan.computer('THERE', lan.there, family);
    await here.redirector.ask('knows', there.name);
    return use([here, there]);
  });
}
