import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import type { Place } from '../contestants/contestant.js';
import { withLan } from '../processes/lan.js';
import type { Extent, Throughput } from '../processes/phases.js';
import { atLeast, type Outcome } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median, medianRatio } from '../statistics.js';
import { withReader } from './throughput.js';

const SIZE = 64;
/** They differ by little, so that many rounds must tell. */
const ROUNDS_FACTOR = 3;

const contestants = ['mailslot', 'mailslot-remote'] as const;

/** What it costs processes of one computer that a slot also takes messages of others. */
export async function local(bench: Bench): Promise<Outcome> {
  const rounds = bench.effort.rounds * ROUNDS_FACTOR;
  const runs = await withLan(bench, 'loopback', async (lan) => {
    const { place } = await lan.computer('HERE', lan.here);
    return bench.inTurn(contestants, (contestant) => locallyBy(bench, place, contestant), rounds);
  });
  const speeds = (name: (typeof contestants)[number]): number[] =>
    (runs.get(name) ?? []).map(({ perSecond }) => perSecond);
  const ratio = medianRatio(speeds('mailslot-remote'), speeds('mailslot'));
  return {
    tables: [
      {
        title: `On one computer, ${SIZE} B`,
        columns: ['contestant', 'thousand/s', "/ remote: 'none'"],
        rows: contestants.map((name) => [
          contestantNamed(name).title,
          figure(median(speeds(name)) / 1000),
          figure(medianRatio(speeds(name), speeds('mailslot'))),
        ]),
      },
    ],
    targets: [atLeast("on one computer, remote: 'domain' / remote: 'none'", ratio, 0.95)],
    charts: [],
  };
}

/** Measures one run on the computer of that place. */
export function locallyBy(
  bench: Bench,
  place: Place,
  contestant: ContestantName,
  extent: Extent = { seconds: bench.effort.seconds },
): Promise<Throughput> {
  const spec = { contestant, place, slot: bench.newSlot(), size: SIZE, writers: 1, connections: 1, extent };
  return withReader((reader) => reader.ask('throughput', spec));
}
