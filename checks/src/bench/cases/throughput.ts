import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed, peers } from '../contestants/all.js';
import { LARGE_BODY } from '../messages.js';
import type { Extent, Throughput } from '../processes/phases.js';
import type { ReaderDuties } from '../processes/reader.js';
import { Worker, withWorkers } from '../processes/worker.js';
import { atLeast, atMost, type Outcome, type Table, type Target } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median, medianRatio } from '../statistics.js';

/** One run. */
export interface Plan {
  readonly contestant: ContestantName;
  readonly size: number;
  readonly writers: number;
  readonly connections?: number;
  readonly extent?: Extent;
}

/** All rounds of all contestants. */
type Runs = ReadonlyMap<ContestantName, readonly Throughput[]>;

interface Size {
  readonly bytes: number;
  readonly title: string;
  readonly contestants: readonly ContestantName[];
  readonly targets: (one: Runs, four: Runs) => Target[];
}

const rivals: readonly ContestantName[] = ['net', ...peers];
const common: readonly ContestantName[] = [
  'limit',
  'limit-kept',
  'mailslot',
  'mailslot-bytes',
  'mailslot-iterate',
  ...rivals,
];

/** Messages of 64 bytes, in all ways of writing and reading. */
export const small: Size = {
  bytes: 64,
  title: '64 B',
  contestants: [
    ...common,
    'mailslot-100-writes',
    'mailslot-1000-writes',
    'mailslot-write-many',
    'mailslot-one-by-one',
    'net-echo',
  ],
  targets: (one, four) => [
    ...callbackTargets('64 B, 1 writer', one),
    ...callbackTargets('64 B, 4 writers', four),
    atLeast('64 B, post → for await / the limit', ratio(one, 'mailslot-iterate', 'limit'), 0.5),
    atLeast('64 B, 100 writes at once / the limit', ratio(one, 'mailslot-100-writes', 'limit'), 0.2),
    atLeast('64 B, 1,000 writes at once / the limit', ratio(one, 'mailslot-1000-writes', 'limit'), 0.3),
    atLeast('64 B, writeMany of 100 / the limit', ratio(one, 'mailslot-write-many', 'limit'), 0.35),
    atLeast(
      '64 B, write one by one / a ping-pong of node:net',
      ratio(one, 'mailslot-one-by-one', 'net-echo'),
      0.9,
    ),
    atMost('64 B, CPU of both sides, post → consume / the limit', ratio(one, 'mailslot', 'limit', cpu), 1.3),
    atMost(
      '64 B, CPU of both sides, post → consumeBytes / the limit',
      ratio(one, 'mailslot-bytes', 'limit', cpu),
      1.3,
    ),
  ],
};

export const medium: Size = {
  bytes: 1024,
  title: '1 KB',
  contestants: common,
  targets: (one) => [
    atLeast('1 KB, post → consume / the limit', ratio(one, 'mailslot', 'limit'), 0.7),
    atLeast('1 KB, post → consumeBytes / the limit', ratio(one, 'mailslot-bytes', 'limit'), 0.85),
  ],
};

export const large: Size = {
  bytes: 65_536,
  title: '64 KB',
  contestants: common,
  targets: (one) => [
    atLeast('64 KB, post → consume / the limit, messages kept', ratio(one, 'mailslot', 'limit-kept'), 0.9),
    atLeast('64 KB, post → consumeBytes / the limit', ratio(one, 'mailslot-bytes', 'limit'), 0.9),
    atLeast('64 KB, post → consume / the fastest peer', ratio(one, 'mailslot', fastest(one)), 1),
  ],
};

function callbackTargets(name: string, runs: Runs): Target[] {
  const consumed = `${name}, post → consume`;
  return [
    atLeast(`${consumed} / the limit`, ratio(runs, 'mailslot', 'limit'), 0.8),
    atLeast(`${name}, post → consumeBytes / the limit`, ratio(runs, 'mailslot-bytes', 'limit'), 0.8),
    atLeast(`${consumed} / zeromq`, ratio(runs, 'mailslot', 'zeromq'), 15),
    atLeast(`${consumed} / NATS`, ratio(runs, 'mailslot', 'nats'), 10),
    atLeast(`${consumed} / node-ipc`, ratio(runs, 'mailslot', 'node-ipc'), 40),
  ];
}

/** Everybody in turn, with one writer and with four. */
export async function throughput(bench: Bench, size: Size): Promise<Outcome> {
  const [one, four] = [await rounds(bench, size, 1), await rounds(bench, size, 4)];
  return { tables: [table(size, one, four)], targets: size.targets(one, four), charts: [] };
}

/** Measures one run in processes of its own. */
export async function throughputOf(bench: Bench, plan: Plan): Promise<Throughput> {
  const {
    contestant,
    size,
    writers,
    connections = writers,
    extent = { seconds: bench.effort.seconds },
  } = plan;
  const place = await bench.placeFor(contestant);
  const spec = { contestant, place, slot: bench.newSlot(), size, writers, connections, extent };
  return withReader((reader) => reader.ask('throughput', spec));
}

export function withReader<T>(use: (reader: Worker<ReaderDuties>) => Promise<T>): Promise<T> {
  const reader = new Worker<ReaderDuties>(new URL('../processes/reader.js', import.meta.url));
  return withWorkers([reader], () => use(reader));
}

function rounds(bench: Bench, size: Size, writers: number): Promise<Runs> {
  return bench.inTurn(size.contestants, (contestant) =>
    throughputOf(bench, { contestant, size: size.bytes, writers }),
  );
}

function table({ title, bytes, contestants }: Size, one: Runs, four: Runs): Table {
  const isLarge = bytes >= LARGE_BODY;
  const unit = isLarge ? 'MB/s' : 'thousand/s';
  const rate = (run: Throughput): number => (run.perSecond * (isLarge ? bytes / 1000 : 1)) / 1000;
  const cells = (runs: Runs, name: ContestantName): string[] => [
    figure(median(of(runs, name, rate))),
    figure(ratio(runs, name, 'limit')),
    figure(median(of(runs, name, cpu))),
  ];
  return {
    title: `Throughput, ${title}`,
    columns: [
      'contestant',
      ...['1 writer', '4 writers'].flatMap((who) => [`${who}, ${unit}`, '/ limit', 'CPU µs']),
    ],
    rows: contestants.map((name) => [contestantNamed(name).title, ...cells(one, name), ...cells(four, name)]),
  };
}

function ratio(
  runs: Runs,
  name: ContestantName,
  base: ContestantName,
  value: (run: Throughput) => number = speed,
): number {
  return medianRatio(of(runs, name, value), of(runs, base, value));
}

function fastest(runs: Runs): ContestantName {
  const speedOf = (name: ContestantName): number => median(of(runs, name, speed));
  const measured = rivals.filter((name) => of(runs, name, speed).length > 0);
  return measured.reduce((best, name) => (speedOf(name) > speedOf(best) ? name : best));
}

function of(runs: Runs, name: ContestantName, value: (run: Throughput) => number): number[] {
  return (runs.get(name) ?? []).map(value);
}

function speed({ perSecond }: Throughput): number {
  return perSecond;
}

function cpu({ cpuMicros }: Throughput): number {
  return cpuMicros;
}
