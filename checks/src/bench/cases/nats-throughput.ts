import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import { atLeast, type Outcome, type Table, type Target } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median } from '../statistics.js';
import { type Brought, broughtBy } from './brought.js';
import {
  figuresOf,
  natsContestants,
  natsPosts,
  natsTitles,
  ratioOf,
  sizes,
  targetShares,
} from './nats-run.js';

type Runs = ReadonlyMap<ContestantName, readonly Brought[]>;

const speed = ({ perSecond }: Brought): number => perSecond;
const cpu = ({ cpuMicros }: Brought): number => cpuMicros;
const lost = ({ lostShare }: Brought): number => lostShare;

/** Messages to one computer, faster than they can leave; and what of that the seal costs. */
export async function natsThroughput(bench: Bench): Promise<Outcome> {
  const posts = await natsPosts(bench);
  const runs: (readonly [number, Runs])[] = [];
  for (const size of sizes) {
    const run = (contestant: ContestantName): Promise<Brought> =>
      broughtBy(bench, posts, { contestant, size });
    runs.push([size, await bench.inTurn<ContestantName, Brought>(natsContestants, run)]);
  }
  return {
    tables: [...runs.map(([size, each]) => table(size, each)), sealTable(runs)],
    targets: runs.flatMap(([size, each]) => targetsOf(size, each)),
    charts: [],
  };
}

function table(size: number, runs: Runs): Table {
  const ratio = (name: ContestantName, value: (run: Brought) => number): string =>
    figure(ratioOf(runs, [name, 'nats-bare'], value));
  return {
    title: `Messages queue up, ${size} B`,
    columns: ['contestant', 'thousand/s', '/ alone', 'CPU µs', '/ alone', 'lost %, worst round'],
    rows: natsContestants.map((name) => [
      contestantNamed(name).title,
      figure(median(figuresOf(runs, name, speed)) / 1000),
      ratio(name, speed),
      figure(median(figuresOf(runs, name, cpu))),
      ratio(name, cpu),
      figure(Math.max(...figuresOf(runs, name, lost)) * 100),
    ]),
  };
}

function sealTable(runs: readonly (readonly [number, Runs])[]): Table {
  return {
    title: 'What the seal costs',
    columns: [
      'bytes',
      'CPU µs in clear',
      'CPU µs sealed',
      'sealed / in clear',
      'messages a second, sealed / in clear',
    ],
    rows: runs.map(([size, each]) => [
      size.toLocaleString('en-US'),
      figure(median(figuresOf(each, 'nats-clear', cpu))),
      figure(median(figuresOf(each, 'nats-sealed', cpu))),
      figure(ratioOf(each, ['nats-sealed', 'nats-clear'], cpu)),
      figure(ratioOf(each, ['nats-sealed', 'nats-clear'], speed)),
    ]),
  };
}

function targetsOf(size: number, runs: Runs): Target[] {
  return (['nats-clear', 'nats-sealed'] as const).map((name) =>
    atLeast(
      `${size} B, ${natsTitles[name]}, messages a second / alone`,
      ratioOf(runs, [name, 'nats-bare'], speed),
      targetShares[name],
    ),
  );
}
