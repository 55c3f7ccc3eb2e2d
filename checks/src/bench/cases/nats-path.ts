import type { Bench } from '../bench.js';
import { contestantNamed } from '../contestants/all.js';
import { withNatsPair } from '../processes/nats.js';
import type { Outcome } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median } from '../statistics.js';
import { type Brought, broughtBy } from './brought.js';
import { figuresOf, natsPosts, ratioOf, sizes } from './nats-run.js';

const contestants = ['mailslot-nats', 'nats-bare'] as const;

type Name = (typeof contestants)[number];

/** From a program by its redirector, the server and the other redirector to a program: what users have in the end. */
export async function natsPath(bench: Bench): Promise<Outcome> {
  const bare = await natsPosts(bench);
  const rows = await withNatsPair(bench, async (pair) => {
    const rows: string[][] = [];
    for (const size of sizes) {
      const run = (contestant: Name): Promise<Brought> =>
        broughtBy(bench, contestant === 'nats-bare' ? bare : pair, { contestant, size });
      rows.push(...rowsOf(size, await bench.inTurn<Name, Brought>(contestants, run)));
    }
    return rows;
  });
  const columns = [
    'contestant',
    'bytes',
    'thousand/s',
    '/ alone',
    'CPU µs',
    '/ alone',
    'lost %, worst round',
  ];
  return {
    tables: [{ title: 'Messages queue up, the whole way', columns, rows }],
    targets: [],
    charts: [],
  };
}

function rowsOf(size: number, runs: ReadonlyMap<Name, readonly Brought[]>): string[][] {
  return contestants.map((name) => [
    contestantNamed(name).title,
    size.toLocaleString('en-US'),
    figure(median(figuresOf(runs, name, ({ perSecond }) => perSecond)) / 1000),
    figure(ratioOf(runs, [name, 'nats-bare'], ({ perSecond }) => perSecond)),
    figure(median(figuresOf(runs, name, ({ cpuMicros }) => cpuMicros))),
    figure(ratioOf(runs, [name, 'nats-bare'], ({ cpuMicros }) => cpuMicros)),
    figure(Math.max(...figuresOf(runs, name, ({ lostShare }) => lostShare)) * 100),
  ]);
}
