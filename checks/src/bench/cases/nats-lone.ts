import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import { atLeast, type Outcome, type Table, type Target } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { natsContestants, natsPosts, natsTitles, targetShares } from './nats-run.js';
import { type Latency, PACE_MS, spread, transitTimes } from './transit.js';

const SIZE = 64;
const MESSAGES = 600;
/** One a packet, they compile the code of packets. A redirector runs for days. */
const WARM_UP = 2000;
/** The slowest of a hundred is a matter of chance in one round. */
const ROUNDS_FACTOR = 2;

type Part = 'p50' | 'p99';
/** Of all messages of all rounds. */
type Latencies = ReadonlyMap<ContestantName, Latency>;

const parts: readonly Part[] = ['p50', 'p99'];

/** A message now and then, one way. */
export async function natsLone(bench: Bench): Promise<Outcome> {
  const count = Math.ceil(MESSAGES * bench.effort.share);
  const posts = await natsPosts(bench);
  const rounds = await bench.inTurn(
    natsContestants,
    (contestant) => transitTimes(bench, posts, { contestant, size: SIZE }, { count, warmUp: WARM_UP }),
    bench.effort.rounds * ROUNDS_FACTOR,
  );
  const latencies = new Map(Array.from(rounds, ([name, times]) => [name, spread(times.flat())]));
  return { tables: [table(latencies)], targets: targetsOf(latencies), charts: [] };
}

function table(latencies: Latencies): Table {
  return {
    title: `One message each ${PACE_MS} ms, ${SIZE} B, one way`,
    columns: ['contestant', 'p50 µs', 'alone / it', 'p99 µs', 'alone / it', 'lost %'],
    rows: natsContestants.map((name) => [
      contestantNamed(name).title,
      ...parts.flatMap((part) => [
        figure(latencies.get(name)?.[part] ?? Number.NaN),
        figure(shareOf(latencies, name, part)),
      ]),
      figure((latencies.get(name)?.lostShare ?? Number.NaN) * 100),
    ]),
  };
}

/** As shares of how fast the client library alone is, as for those that queue up. */
function targetsOf(latencies: Latencies): Target[] {
  return (['nats-clear', 'nats-sealed'] as const).flatMap((name) =>
    parts.map((part) =>
      atLeast(
        `a lone message, ${natsTitles[name]}, ${part}: alone / it`,
        shareOf(latencies, name, part),
        targetShares[name],
      ),
    ),
  );
}

function shareOf(latencies: Latencies, name: ContestantName, part: Part): number {
  return (latencies.get('nats-bare')?.[part] ?? Number.NaN) / (latencies.get(name)?.[part] ?? Number.NaN);
}
