import type { Bench } from '../bench.js';
import { type Computer, type Lan, type Wire, wires, withLan } from '../processes/lan.js';
import { atMost, type Outcome } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { quantile } from '../statistics.js';
import { wireTitles } from './lan-run.js';

const NEWCOMERS = 50;
const NEWCOMERS_MIN = 25;
const LIMIT_MS = 1000;

/** How long a computer that starts is not known to one that runs. */
export async function discovery(bench: Bench): Promise<Outcome> {
  const count = Math.max(NEWCOMERS_MIN, NEWCOMERS * bench.effort.share);
  const found: [Wire, number[]][] = [];
  for (const wire of wires) found.push([wire, await withLan(bench, wire, (lan) => newcomers(lan, count))]);
  const rows = found.map(([wire, times]) => [
    wireTitles[wire],
    ...[0.5, 0.99, 1].map((share) => figure(quantile(times, share))),
  ]);
  return {
    tables: [
      {
        title: `A new computer is known to another one, ${count} times`,
        columns: ['between', 'p50 ms', 'p99 ms', 'longest ms'],
        rows,
      },
    ],
    targets: found.map(([wire, times]) =>
      atMost(`${wire}, discovery, p99 in ms`, quantile(times, 0.99), LIMIT_MS),
    ),
    charts: [],
  };
}

/** Starts so many computers, one after the other; how long each was not known, in milliseconds. */
export async function newcomers(lan: Lan, count: number): Promise<number[]> {
  const witness = await lan.computer('WITNESS', lan.here);
  const times: number[] = [];
  while (times.length < count) times.push(await newcomer(lan, witness, `NEW${times.length}`));
  return times;
}

async function newcomer(lan: Lan, witness: Computer, name: string): Promise<number> {
  const computer = await lan.computer(name, lan.there);
  const known = await witness.redirector.ask('knows', name);
  await lan.end(computer);
  return (known - computer.began) / 1e6;
}
