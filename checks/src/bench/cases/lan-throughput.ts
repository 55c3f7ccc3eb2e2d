import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import { type Wire, wires } from '../processes/lan.js';
import { type Extent, measured, type Phase, type Throughput } from '../processes/phases.js';
import { atLeast, atMost, type Outcome, type Table, type Target } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median, medianRatio } from '../statistics.js';
import { type Ends, lanContestants, type Pair, wireTitles, withEnds, withPair } from './lan-run.js';

/** What a run brought over, and what not. */
export interface Brought extends Throughput {
  /** Of all messages that are measured. */
  readonly lostShare: number;
}

/** Messages before anything is measured, or it would be how four processes compile their code. */
const WARM_UP = 30_000;
/** On a long way full buffers, which are emptied at the end, weigh more than on a short one. */
const SECONDS_FACTOR = 2;

type Runs = ReadonlyMap<ContestantName, readonly Brought[]>;

/** Messages of one length, and how much faster than the peer ours must be. */
interface Load {
  readonly size: number;
  readonly speedup: number;
}

/** One run. */
interface Plan {
  readonly contestant: ContestantName;
  readonly size: number;
  readonly extent?: Extent;
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
      broughtBy(bench, on, { contestant, size });
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

/** Measures one run, in processes of its own. */
export function broughtBy(bench: Bench, pair: Pair, plan: Plan): Promise<Brought> {
  const { extent = { seconds: bench.effort.seconds * SECONDS_FACTOR } } = plan;
  return withEnds(bench, pair, plan, async (ends) => {
    const usage = (): Promise<number> => usageOf(ends, plan.contestant === 'multicast' ? [] : pair);
    let [sent, received] = [0, 0];
    const bring = async (messages: number): Promise<Phase> => {
      const before = await usage();
      const { began } = await ends.sender.ask('send', messages);
      sent += messages;
      const settled = await ends.collector.ask('settled', received + messages);
      const arrived = settled.received - received;
      received = settled.received;
      return phase(arrived, (settled.ended - began) / 1e9, (await usage()) - before);
    };
    if ('seconds' in extent) await bring(WARM_UP);
    const before = { sent, received };
    const result = await measured(extent, 1, bring);
    return { ...result, lostShare: 1 - (received - before.received) / (sent - before.sent) };
  });
}

function phase(messages: number, seconds: number, cpuMicros: number): Phase {
  if (messages === 0) throw new Error('not one message arrived');
  return { seconds, perSecond: messages / seconds, cpuMicros: cpuMicros / messages };
}

/** CPU of all processes that bring the messages over. */
async function usageOf({ sender, collector }: Ends, computers: readonly Pair[number][]): Promise<number> {
  const used = await Promise.all([
    sender.ask('usage', undefined),
    collector.ask('usage', undefined),
    ...computers.map(({ redirector }) => redirector.ask('usage', undefined)),
  ]);
  return used.reduce((total, each) => total + each, 0);
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
