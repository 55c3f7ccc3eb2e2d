import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import { type Wire, wires } from '../processes/lan.js';
import { atLeast, atMost, type Outcome, type Table, type Target } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median, medianRatio } from '../statistics.js';
import { type Brought, broughtBy } from './brought.js';
import type { Posts } from './ends.js';
import { lanContestants, type Pair, wireTitles, withPair } from './lan-run.js';

type Runs = ReadonlyMap<ContestantName, readonly Brought[]>;

/** Messages of one length, and how much faster than the peer ours must be. */
interface Load {
  readonly size: number;
  readonly speedup: number;
}

export const smallLoad: Load = { size: 64, speedup: 4 };
export const mediumLoad: Load = { size: 400, speedup: 1.2 };

/** Messages to everybody, faster than they can leave. */
export async function lanThroughput(bench: Bench, load: Load): Promise<Outcome> {
  const tables: Table[] = [];
  const targets: Target[] = [];
  for (const wire of wires) {
    const runs = await runsOn(bench, wire, load);
    tables.push(table(load, wire, runs));
    targets.push(...targetsOf(load, wire, runs));
  }
  return { tables, targets, charts: [] };
}

/** Everybody in turn; where there is IPv6, also ours as it is by default, with every packet sent by both families. */
function runsOn(bench: Bench, wire: Wire, { size }: Load): Promise<Runs> {
  return withPair(bench, wire, (pair) => {
    const run = (contestant: ContestantName, on: Pair = pair): Promise<Brought> =>
      broughtBy(bench, postsFor(contestant, on), { contestant, size });
    if (wire === 'loopback')
      return bench.inTurn<ContestantName, Brought>(lanContestants, (name) => run(name));
    const all = ['mailslot-lan', 'mailslot-lan-twice', 'multicast'] as const;
    return withPair(
      bench,
      wire,
      (twice) =>
        bench.inTurn<ContestantName, Brought>(all, (name) =>
          run(name, name === 'mailslot-lan-twice' ? twice : pair),
        ),
      'any',
    );
  });
}

/** Where a run's processes are; nothing of the peer's goes through redirectors. */
function postsFor(contestant: ContestantName, pair: Pair): Posts {
  if (contestant !== 'multicast') return pair;
  const [here, there] = pair;
  return [
    { place: here.place, through: here.through },
    { place: there.place, through: there.through },
  ];
}

function table({ size }: Load, wire: Wire, runs: Runs): Table {
  return {
    title: `Messages queue up, ${size} B, ${wireTitles[wire]}`,
    columns: ['contestant', 'thousand/s', '/ multicast', 'CPU µs', '/ multicast', 'lost %'],
    rows: [...runs.keys()].map((name) => [
      contestantNamed(name).title,
      figure(median(of(runs, name, 'perSecond')) / 1000),
      figure(medianRatio(of(runs, name, 'perSecond'), of(runs, 'multicast', 'perSecond'))),
      figure(median(of(runs, name, 'cpuMicros'))),
      figure(medianRatio(of(runs, name, 'cpuMicros'), of(runs, 'multicast', 'cpuMicros'))),
      figure(median(of(runs, name, 'lostShare')) * 100),
    ]),
  };
}

function targetsOf({ size, speedup }: Load, wire: Wire, runs: Runs): Target[] {
  const name = `${wire}, ${size} B`;
  const ratio = (value: keyof Brought): number =>
    medianRatio(of(runs, 'mailslot-lan', value), of(runs, 'multicast', value));
  return [
    atLeast(`${name}, messages a second / multicast`, ratio('perSecond'), speedup),
    atMost(`${name}, CPU a message / multicast`, ratio('cpuMicros'), 1),
    // In none of the rounds.
    atMost(`${name}, share of messages lost`, Math.max(...of(runs, 'mailslot-lan', 'lostShare')), 0),
  ];
}

function of(runs: Runs, name: ContestantName, value: keyof Brought): number[] {
  return (runs.get(name) ?? []).map((run) => run[value]);
}
