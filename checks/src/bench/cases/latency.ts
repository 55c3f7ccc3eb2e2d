import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed, peers } from '../contestants/all.js';
import type { PingerDuties } from '../processes/pinger.js';
import { Worker, withWorkers } from '../processes/worker.js';
import { atMost, type Outcome, type Table } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median, medianRatio, quantile } from '../statistics.js';
import { withReader } from './throughput.js';

const SIZE = 64;
const ROUND_TRIPS = 20_000;
const PACE_MS = 2;
const PACED_MESSAGES = 500;

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

type Runs = ReadonlyMap<ContestantName, readonly Latency[]>;

const contestants: readonly ContestantName[] = ['mailslot', 'net', 'limit', ...peers];

/** A message there and one back, over two slots, again and again. */
export async function pingPong(bench: Bench): Promise<Outcome> {
  const trips = Math.ceil(ROUND_TRIPS * bench.effort.share);
  const runs = await bench.inTurn(contestants, async (name) => spread(await tripsOf(bench, name, trips)));
  const targets = (['p50', 'p99'] as const).flatMap((part) => {
    const measured = peers.filter((name) => of(runs, name, part).length > 0);
    const best =
      measured.toSorted((a, b) => median(of(runs, a, part)) - median(of(runs, b, part)))[0] ?? 'net';
    return [
      atMost(`ping-pong ${part} / node:net`, ratio(runs, 'net', part), 1.15),
      atMost(`ping-pong ${part} / the best peer`, ratio(runs, best, part), 1),
    ];
  });
  return { tables: [table('Ping-pong over two slots, 64 B, round trip', runs)], targets, charts: [] };
}

/** Round trips of one contestant, each in microseconds. */
export async function tripsOf(
  bench: Bench,
  contestant: ContestantName,
  trips: number,
): Promise<Float64Array> {
  const place = await bench.placeFor(contestant);
  const spec = { contestant, place, here: bench.newSlot(), there: bench.newSlot(), size: SIZE, trips };
  const pinger = new Worker<PingerDuties>(new URL('../processes/pinger.js', import.meta.url));
  return withWorkers([pinger], () => pinger.ask('run', spec));
}

/** A lone message now and then, one way. */
export async function paced(bench: Bench): Promise<Outcome> {
  const count = Math.ceil(PACED_MESSAGES * bench.effort.share);
  const runs = await bench.inTurn(contestants, async (contestant) => {
    const place = await bench.placeFor(contestant);
    const slot = bench.newSlot();
    const spec = { contestant, place, slot, size: SIZE, writers: 1, connections: 1, count, everyMs: PACE_MS };
    return spread(await withReader((reader) => reader.ask('paced', spec)));
  });
  return { tables: [table(`One message each ${PACE_MS} ms, 64 B, one way`, runs)], targets: [], charts: [] };
}

function spread(times: Iterable<number>): Latency {
  const all = Float64Array.from(times);
  return { p50: quantile(all, 0.5), p99: quantile(all, 0.99) };
}

function table(title: string, runs: Runs): Table {
  return {
    title,
    columns: ['contestant', 'p50 µs', '/ node:net', 'p99 µs', '/ node:net'],
    rows: contestants.map((name) => [
      contestantNamed(name).title,
      ...(['p50', 'p99'] as const).flatMap((part) => [
        figure(median(of(runs, name, part))),
        figure(medianRatio(of(runs, name, part), of(runs, 'net', part))),
      ]),
    ]),
  };
}

/** What ours takes as a multiple of what `base` takes. */
function ratio(runs: Runs, base: ContestantName, part: keyof Latency): number {
  return medianRatio(of(runs, 'mailslot', part), of(runs, base, part));
}

function of(runs: Runs, name: ContestantName, part: keyof Latency): number[] {
  return (runs.get(name) ?? []).map((latency) => latency[part]);
}
