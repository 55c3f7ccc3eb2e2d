import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import { type Wire, wires } from '../processes/lan.js';
import { atMost, type Outcome, type Table, type Target } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median, medianRatio, quantile } from '../statistics.js';
import { lanContestants, type Pair, wireTitles, withEnds, withPair } from './lan-run.js';

const SIZE = 64;
const MESSAGES = 600;
const PACE_MS = 5;
/** Of the messages, the first ones: not measured. */
const WARM_UP_SHARE = 0.1;

interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly lostShare: number;
}

type Runs = ReadonlyMap<ContestantName, readonly Latency[]>;

/** A message now and then, one way. */
export async function lone(bench: Bench): Promise<Outcome> {
  const count = Math.ceil(MESSAGES * bench.effort.share);
  const tables: Table[] = [];
  const targets: Target[] = [];
  for (const wire of wires) {
    const runs = await withPair(bench, wire, (pair) =>
      bench.inTurn<ContestantName, Latency>(lanContestants, async (contestant) =>
        spread(await waysOf(bench, pair, contestant, count)),
      ),
    );
    tables.push(table(wire, runs));
    targets.push(
      atMost(`${wire}, a lone message, p50 / multicast`, ratio(runs, 'mailslot-lan', 'p50'), 4.5),
      atMost(`${wire}, a lone message, p99 / multicast`, ratio(runs, 'mailslot-lan', 'p99'), 10),
    );
  }
  return { tables, targets, charts: [] };
}

/** How long each of so many messages was on its way, in microseconds; NaN: it did not arrive. */
export function waysOf(
  bench: Bench,
  pair: Pair,
  contestant: ContestantName,
  count: number,
): Promise<number[]> {
  return withEnds(bench, pair, { contestant, size: SIZE }, async ({ sender, collector }) => {
    const sent = await sender.ask('pace', { count, everyMs: PACE_MS });
    await collector.ask('settled', count);
    const arrivals = await collector.ask('arrivals', count);
    return sent.map((time, number) => ((arrivals[number] || Number.NaN) - time) / 1000);
  });
}

function spread(all: readonly number[]): Latency {
  const times = all.slice(Math.ceil(all.length * WARM_UP_SHARE));
  const arrived = times.filter((time) => !Number.isNaN(time));
  return {
    p50: quantile(arrived, 0.5),
    p99: quantile(arrived, 0.99),
    lostShare: 1 - arrived.length / times.length,
  };
}

function table(wire: Wire, runs: Runs): Table {
  return {
    title: `One message each ${PACE_MS} ms, ${SIZE} B, one way, ${wireTitles[wire]}`,
    columns: ['contestant', 'p50 µs', '/ multicast', 'p99 µs', '/ multicast', 'lost %'],
    rows: lanContestants.map((name) => [
      contestantNamed(name).title,
      ...(['p50', 'p99'] as const).flatMap((part) => [
        figure(median(of(runs, name, part))),
        figure(ratio(runs, name, part)),
      ]),
      figure(median(of(runs, name, 'lostShare')) * 100),
    ]),
  };
}

/** What it takes as a multiple of what the peer takes. */
function ratio(runs: Runs, name: ContestantName, part: keyof Latency): number {
  return medianRatio(of(runs, name, part), of(runs, 'multicast', part));
}

function of(runs: Runs, name: ContestantName, part: keyof Latency): number[] {
  return (runs.get(name) ?? []).map((latency) => latency[part]);
}
