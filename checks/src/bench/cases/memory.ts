import type { Bench } from '../bench.js';
import type { Filling, SleeperDuties } from '../processes/sleeper.js';
import { Worker, withWorkers } from '../processes/worker.js';
import { atMost, type Outcome } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median } from '../statistics.js';

const sizes = { '64 B': 64, '1 KB': 1024, '64 KB': 65_536 };
const paces = ['packed', 'one by one'] as const;

type Name = `${keyof typeof sizes}, ${Filling['pace']}`;

/** What a queue costs that nobody reads. */
export async function memory(bench: Bench): Promise<Outcome> {
  const fillings = new Map<Name, Pick<Filling, 'size' | 'pace'>>();
  for (const [title, size] of Object.entries(sizes)) {
    for (const pace of paces) fillings.set(`${title as keyof typeof sizes}, ${pace}`, { size, pace });
  }
  const names = [...fillings.keys()];
  const runs = await bench.inTurn(
    names,
    (name) => growthOf(bench, fillings.get(name)!),
    bench.effort.fewRounds,
  );
  const growth = (name: Name): number => median(runs.get(name) ?? []);
  return {
    tables: [
      {
        title: 'A full queue of 64 MiB that nobody reads',
        columns: ['messages', 'growth of the process / the bound'],
        rows: names.map((name) => [name, figure(growth(name))]),
      },
    ],
    targets: names.map((name) => atMost(`memory of a full queue / its bound, ${name}`, growth(name), 1.25)),
    charts: [],
  };
}

async function growthOf(bench: Bench, filling: Pick<Filling, 'size' | 'pace'>): Promise<number> {
  const place = await bench.placeFor('mailslot');
  return withSleeper((sleeper) => sleeper.ask('fill', { place, slot: bench.newSlot(), ...filling }));
}

export function withSleeper<T>(use: (sleeper: Worker<SleeperDuties>) => Promise<T>): Promise<T> {
  const sleeper = new Worker<SleeperDuties>(new URL('../processes/sleeper.js', import.meta.url));
  return withWorkers([sleeper], () => use(sleeper));
}
