import type { Bench } from '../bench.js';
import { type ContestantName, contestantNamed } from '../contestants/all.js';
import type { ListenerDuties } from '../processes/listener.js';
import { type Extent, measured, type Phase, type Throughput } from '../processes/phases.js';
import { Worker, withWorkers } from '../processes/worker.js';
import type { WriterDuties } from '../processes/writer.js';
import type { Outcome } from '../report/outcome.js';
import { figure } from '../report/text.js';
import { median } from '../statistics.js';

const SIZE = 64;

/** How many processes listen, to how many slots each. */
interface Audience {
  readonly processes: number;
  readonly slots: number;
}

const AUDIENCE: Audience = { processes: 10, slots: 10 };

const contestants: readonly ContestantName[] = [
  'mailslot',
  'limit',
  'net',
  'zeromq',
  'nats',
  'redis',
  'node-ipc',
];

/** One process that tells a hundred slots of other processes the same. */
export async function fanOut(bench: Bench): Promise<Outcome> {
  const runs = await bench.inTurn(
    contestants,
    (contestant) => fanOutOf(bench, contestant, AUDIENCE),
    bench.effort.fewRounds,
  );
  const rows = contestants.map((name) => [
    contestantNamed(name).title,
    figure(median((runs.get(name) ?? []).map(({ perSecond }) => perSecond / 1000))),
    figure(median((runs.get(name) ?? []).map(({ cpuMicros }) => cpuMicros))),
  ]);
  const columns = ['contestant', 'thousand deliveries/s', 'CPU µs each'];
  return {
    tables: [{ title: 'One sender to 100 slots in 10 processes, 64 B', columns, rows }],
    targets: [],
    charts: [],
  };
}

/** Deliveries of one contestant. */
export async function fanOutOf(
  bench: Bench,
  contestant: ContestantName,
  { processes, slots }: Audience,
  extent: Extent = { seconds: bench.effort.seconds },
): Promise<Throughput> {
  const place = await bench.placeFor(contestant);
  const everybody = processes * slots;
  const { reachesAll = false } = contestantNamed(contestant);
  const shared = bench.newSlot();
  const names = Array.from({ length: everybody }, () => (reachesAll ? shared : bench.newSlot()));
  const ends = [...new Set(names)].map((slot) => ({ slot, writer: 0 }));

  const sender = new Worker<WriterDuties>(new URL('../processes/writer.js', import.meta.url));
  const listeners = Array.from(
    { length: processes },
    () => new Worker<ListenerDuties>(new URL('../processes/listener.js', import.meta.url)),
  );
  const run = async (): Promise<Throughput> => {
    await each(listeners, (listener, at) =>
      listener.ask('listen', {
        contestant,
        place,
        slots: names.slice(at * slots, (at + 1) * slots),
        size: SIZE,
      }),
    );
    await sender.ask('open', { contestant, place, size: SIZE, ends });
    let expected = 0;
    const result = await measured(extent, everybody, async (messages) => {
      expected += messages;
      return phase(sender, listeners, { messages, expected, everybody, copies: everybody / ends.length });
    });
    await sender.ask('close', undefined);
    await each(listeners, (listener) => listener.ask('close', undefined));
    return result;
  };
  return withWorkers([sender], () => withWorkers(listeners, run));
}

interface Step {
  /** To each receiver, now and so far. */
  readonly messages: number;
  readonly expected: number;
  readonly everybody: number;
  /** Receivers that one send reaches. */
  readonly copies: number;
}

async function phase(
  sender: Worker<WriterDuties>,
  listeners: readonly Worker<ListenerDuties>[],
  { messages, expected, everybody, copies }: Step,
): Promise<Phase> {
  const usage = async (): Promise<number> => {
    const used = await each(listeners, (listener) => listener.ask('usage', undefined));
    return used.reduce((total, one) => total + one, await sender.ask('usage', undefined));
  };
  const before = await usage();
  const [{ began, sum }, heard] = await Promise.all([
    sender.ask('send', messages),
    each(listeners, (listener) => listener.ask('reached', expected)),
  ]);
  const used = (await usage()) - before;
  if (heard.reduce((total, one) => total + one.sum, 0) !== sum * copies)
    throw new Error('the check bytes of what was sent and of what arrived differ');
  const total = messages * everybody;
  const seconds = (Math.max(...heard.map(({ ended }) => ended)) - began) / 1e9;
  return { seconds, perSecond: total / seconds, cpuMicros: used / total };
}

function each<T, R>(list: readonly T[], act: (one: T, at: number) => Promise<R>): Promise<R[]> {
  return Promise.all(list.map(act));
}
