import type { Bench } from '../bench.js';
import { type Wire, wires, withLan } from '../processes/lan.js';
import type { Outcome } from '../report/outcome.js';
import { broughtBy } from './brought.js';
import { newcomers } from './lan-discovery.js';
import { locallyBy } from './lan-local.js';
import { lanContestants, withPair } from './lan-run.js';
import { transitTimes } from './transit.js';

const MESSAGES = 200;

/** Every case of the LAN with few messages: that all of it works and is verified. Measures nothing. */
export async function lanSmoke(bench: Bench): Promise<Outcome> {
  const rows: string[][] = [];
  for (const wire of wires) {
    await tryOutLan(bench, wire);
    rows.push([wire, 'verified']);
  }
  return { tables: [{ title: 'Smoke', columns: ['wire', ''], rows }], targets: [], charts: [] };
}

/** Rejects if something does not work; so few messages are not lost. */
export async function tryOutLan(bench: Bench, wire: Wire): Promise<void> {
  await withPair(bench, wire, async (pair) => {
    for (const contestant of lanContestants) {
      const plan = { contestant, size: 64, extent: { messages: MESSAGES } };
      const { lostShare } = await broughtBy(bench, pair, plan);
      const times = await transitTimes(bench, pair, plan, { count: 10 });
      if (lostShare > 0 || !times.every((micros) => micros > 0))
        throw new Error(`${contestant} lost messages`);
    }
    await locallyBy(bench, pair[0].place, 'mailslot-remote', { messages: MESSAGES });
  });
  await withLan(bench, wire, (lan) => newcomers(lan, 2));
}
