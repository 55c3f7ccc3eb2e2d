import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import type { Outcome } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median } from '../statistics.js';
import { withReader } from './throughput.js';

const SIZE = 64;
const VISITS = 400;

/** Not child_process: its channel is there as long as the process. */
const contestants: readonly ContestantName[] = [
  'mailslot-one-by-one',
  'mailslot-send-message',
  'net',
  'zeromq',
  'nats',
  'redis',
  'node-ipc',
];

/** A fresh handle for one message: open, write, close. */
export async function opening(bench: Bench): Promise<Outcome> {
  const visits = Math.ceil(VISITS * bench.effort.share);
  const runs = await bench.inTurn(contestants, (contestant) => visitsOf(bench, contestant, visits));
  const rows = contestants.map((name) => [contestantNamed(name).title, figure(median(runs.get(name) ?? []))]);
  return {
    tables: [{ title: 'Open, write one message, close', columns: ['contestant', 'µs'], rows }],
    targets: [],
    charts: [],
  };
}

/** What one visit takes, in microseconds. */
export async function visitsOf(bench: Bench, contestant: ContestantName, visits: number): Promise<number> {
  const place = await bench.placeFor(contestant);
  const spec = { contestant, place, slot: bench.newSlot(), size: SIZE, writers: 1, connections: visits };
  return withReader((reader) => reader.ask('visits', spec));
}
