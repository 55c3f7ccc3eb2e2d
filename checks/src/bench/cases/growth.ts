import { join } from 'node:path';
import { listMailslots } from 'mailslot';
import type { Bench } from '../bench.js';
import { contestantNamed } from '../contestants/all.js';
import type { HolderDuties } from '../processes/holder.js';
import type { Throughput } from '../processes/phases.js';
import { Worker, withWorkers } from '../processes/worker.js';
import type { Chart, Outcome, Series } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median } from '../statistics.js';
import { withSleeper } from './memory.js';
import { throughputOf } from './throughput.js';

const WRITER_PROCESSES = 4;
const LISTINGS = 5;
const TURNS = 200;

/** What more writers cost: their connections come from at most four processes. */
export async function growingWriters(bench: Bench): Promise<Outcome> {
  const steps = [1, 10, 100, 1000];
  const names = ['mailslot', 'limit', 'net'] as const;
  const lines = names.flatMap((contestant) => steps.map((writers) => `${contestant} ${writers}` as const));
  const runs = await bench.inTurn(
    lines,
    (line) => {
      const [contestant, connections] = line.split(' ') as [(typeof names)[number], string];
      const writers = Math.min(WRITER_PROCESSES, Number(connections));
      return throughputOf(bench, { contestant, size: 64, writers, connections: Number(connections) });
    },
    bench.effort.fewRounds,
  );
  const series = (value: (run: Throughput) => number): Series[] =>
    names.map((name) => ({
      name: contestantNamed(name).title,
      values: steps.map((step) => median((runs.get(`${name} ${step}`) ?? []).map(value))),
    }));
  const axis = { x: 'writers', steps };
  return outcome('More writers, 64 B', [
    {
      ...axis,
      ...titled('writers-rate', 'Throughput', 'thousand messages/s'),
      series: series((run) => run.perSecond / 1000),
    },
    {
      ...axis,
      ...titled('writers-cpu', 'CPU of both sides', 'µs a message'),
      series: series((run) => run.cpuMicros),
    },
  ]);
}

/** What `listMailslots` takes when there are many. */
export async function growingSlots(bench: Bench): Promise<Outcome> {
  const steps = [10, 1000, 5000];
  const runs = await bench.inTurn(steps, (count) => listingOf(bench, count), bench.effort.fewRounds);
  const values = steps.map((step) => median(runs.get(step) ?? []));
  return outcome('More slots', [
    { x: 'slots', steps, ...titled('slots', 'listMailslots', 'ms'), series: [{ name: 'all slots', values }] },
    {
      x: 'slots',
      steps,
      ...titled('slots-each', 'listMailslots, for each slot', 'µs'),
      series: [{ name: 'each slot', values: values.map((ms, at) => (ms * 1000) / (steps[at] ?? 1)) }],
    },
  ]);
}

/** What reading one message takes when many wait behind it. */
export async function growingQueue(bench: Bench): Promise<Outcome> {
  const steps = [10, 10_000, 1_000_000];
  const turns = Math.ceil(TURNS * bench.effort.share);
  const readAt = async (waiting: number): Promise<number> => {
    const place = await bench.placeFor('mailslot');
    const depth = { place, slot: bench.newSlot(), waiting, turns };
    return median(await withSleeper((sleeper) => sleeper.ask('readAt', depth)));
  };
  const runs = await bench.inTurn(steps, readAt, bench.effort.fewRounds);
  const values = steps.map((step) => median(runs.get(step) ?? []));
  return outcome('A longer queue', [
    {
      x: 'messages that wait',
      steps,
      ...titled('queue', 'tryRead', 'µs'),
      series: [{ name: 'one message', values }],
    },
  ]);
}

async function listingOf(bench: Bench, count: number): Promise<number> {
  const { folder } = await bench.placeFor('mailslot');
  const root = join(folder, bench.newSlot());
  const holder = new Worker<HolderDuties>(new URL('../processes/holder.js', import.meta.url));
  return withWorkers([holder], async () => {
    await holder.ask('create', { root, count });
    const times: number[] = [];
    for (let listing = 0; listing < LISTINGS; listing += 1) {
      const began = performance.now();
      const found = await listMailslots({ root });
      times.push(performance.now() - began);
      if (found.length !== count) throw new Error(`${found.length} of ${count} slots were found`);
    }
    return median(times);
  });
}

function titled(file: string, title: string, y: string): Pick<Chart, 'file' | 'title' | 'y'> {
  return { file, title, y };
}

/** The charts, and their numbers as a table. */
function outcome(title: string, charts: readonly Chart[]): Outcome {
  const [first] = charts;
  const rows = charts.flatMap((chart) =>
    chart.series.map(({ name, values }) => [`${chart.title}, ${name}, ${chart.y}`, ...values.map(figure)]),
  );
  const columns = [first?.x ?? '', ...(first?.steps ?? []).map((step) => step.toLocaleString('en-US'))];
  return { tables: [{ title, columns, rows }], targets: [], charts };
}
