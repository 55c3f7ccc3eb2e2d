import type { Bench } from '../bench.js';
import { type ContestantName, honest } from '../contestants/all.js';
import type { Outcome } from '../report/outcome.js';
import { fanOutOf } from './fan-out.js';
import { tripsOf } from './latency.js';
import { visitsOf } from './opening.js';
import { throughputOf } from './throughput.js';

const MESSAGES = 1500;

/** Every contestant once, with few messages: that all of them work and are verified. Measures nothing. */
export async function smoke(bench: Bench): Promise<Outcome> {
  const tried = await bench.inTurn(honest, (contestant) => tryOut(bench, contestant), 1);
  const rows = honest.map((name) => [name, tried.get(name)?.length === 1 ? 'verified' : 'not measured']);
  await tripsOf(bench, 'mailslot', 10);
  await visitsOf(bench, 'mailslot-one-by-one', 10);
  await fanOutOf(bench, 'mailslot', { processes: 2, slots: 2 }, { messages: 10 });
  return { tables: [{ title: 'Smoke', columns: ['contestant', ''], rows }], targets: [], charts: [] };
}

/** Brings some messages over by that contestant; rejects if one is lost, repeated, overtaken or wrong. */
export async function tryOut(bench: Bench, contestant: ContestantName): Promise<void> {
  await throughputOf(bench, { contestant, size: 64, writers: 2, extent: { messages: MESSAGES } });
}
