import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import { type Wire, wires } from '../processes/lan.js';
import { atMost, type Outcome, type Table, type Target } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median, medianRatio } from '../statistics.js';
import { lanContestants, wireTitles, withPair } from './lan-run.js';
import { type Latency, PACE_MS, spread, transitTimes } from './transit.js';

const SIZE = 64;
const MESSAGES = 600;
/** Of the messages, the first ones: not measured. */
const WARM_UP_SHARE = 0.1;

type Runs = ReadonlyMap<ContestantName, readonly Latency[]>;

/** A message now and then, one way. */
export async function lone(bench: Bench): Promise<Outcome> {
  const count = Math.ceil(MESSAGES * bench.effort.share);
  const unmeasured = Math.ceil(count * WARM_UP_SHARE);
  const tables: Table[] = [];
  const targets: Target[] = [];
  for (const wire of wires) {
    const runs = await withPair(bench, wire, (pair) =>
      bench.inTurn<ContestantName, Latency>(lanContestants, async (contestant) => {
        const times = await transitTimes(bench, pair, { contestant, size: SIZE }, { count });
        return spread(times.slice(unmeasured));
      }),
    );
    tables.push(table(wire, runs));
    targets.push(
      atMost(`${wire}, a lone message, p50 / multicast`, ratio(runs, 'mailslot-lan', 'p50'), 4.5),
      atMost(`${wire}, a lone message, p99 / multicast`, ratio(runs, 'mailslot-lan', 'p99'), 10),
    );
  }
  return { tables, targets, charts: [] };
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
