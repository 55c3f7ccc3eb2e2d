import type { Bench } from '../bench.js';
import type { ContestantName } from '../contestants/all.js';
import { withNatsPair } from '../processes/nats.js';
import type { Outcome } from '../report/outcome.js';
import { broughtBy } from './brought.js';
import type { Posts } from './ends.js';
import { natsContestants, natsPosts } from './nats-run.js';
import { transitTimes } from './transit.js';

const MESSAGES = 500;

/** Every contestant of NATS with few messages: that all of it works and is verified. Measures nothing. */
export async function natsSmoke(bench: Bench): Promise<Outcome> {
  const posts = await natsPosts(bench);
  for (const contestant of natsContestants) await tryOutBetween(bench, posts, contestant);
  await withNatsPair(bench, (pair) => tryOutBetween(bench, pair, 'mailslot-nats'));
  const rows = [...natsContestants, 'mailslot-nats'].map((name) => [name, 'verified']);
  return { tables: [{ title: 'Smoke', columns: ['contestant', ''], rows }], targets: [], charts: [] };
}

/** Rejects if something does not work; so few messages are not lost. */
async function tryOutBetween(bench: Bench, posts: Posts, contestant: ContestantName): Promise<void> {
  const run = { contestant, size: 64 };
  const { lostShare } = await broughtBy(bench, posts, { ...run, extent: { messages: MESSAGES } });
  const times = await transitTimes(bench, posts, run, { count: 10, warmUp: 10 });
  if (lostShare > 0 || !times.every((micros) => micros > 0)) throw new Error(`${contestant} lost messages`);
}
