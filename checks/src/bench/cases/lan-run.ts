import type { Bench } from '../bench.js';
import type { ContestantName } from '../contestants/all.js';
import type { CollectorDuties } from '../processes/collector.js';
import { type Computer, type Wire, withLan } from '../processes/lan.js';
import { Worker } from '../processes/worker.js';
import type { WriterDuties } from '../processes/writer.js';

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

/** One who writes and one who reads what comes. */
export interface Ends {
  readonly sender: Worker<WriterDuties>;
  readonly collector: Worker<CollectorDuties>;
}

/** Starts one process on each computer and connects them, and ends them. */
export async function withEnds<T>(
  bench: Bench,
  [here, there]: Pair,
  { contestant, size }: { contestant: ContestantName; size: number },
  use: (ends: Ends) => Promise<T>,
): Promise<T> {
  const slot = bench.newSlot();
  const sender = new Worker<WriterDuties>(new URL('../processes/writer.js', import.meta.url), here);
  const collector = new Worker<CollectorDuties>(new URL('../processes/collector.js', import.meta.url), there);
  try {
    await collector.ask('collect', { contestant, place: there.place, slot, size });
    await sender.ask('open', { contestant, place: here.place, size, ends: [{ slot, writer: 0 }] });
    const result = await use({ sender, collector });
    await sender.ask('close', undefined);
    await collector.ask('close', undefined);
    return result;
  } finally {
    await Promise.all([sender.stop(), collector.stop()]);
  }
}
