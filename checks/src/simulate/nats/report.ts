import { loadavg } from 'node:os';
import type { Chart, Table } from '../../bench/report/outcome.js';
import { machine } from '../../bench/report/page.js';
import { figure, plainTable } from '../../bench/report/text.js';
import { median, quantile } from '../../bench/statistics.js';
import { makeScene } from '../../harness/scene.js';
import { isOnPath } from '../../support/peers.js';
import { Progress } from '../progress.js';
import { publish } from '../publish.js';
import { measureScale, type Scale } from './measure.js';
import { checkOpenFiles } from './open-files.js';
import { FEW } from './slots.js';

export interface NatsReportOptions {
  /** How many in the last of the runs. */
  readonly computers: number;
  readonly json: boolean;
  /** Write the page's table and the charts. */
  readonly charts: boolean;
}

const SIZES = [100, 500, 1_000];

/** Measures all sizes and prints them. Whether a message cost what those who have its slot cost, and no more. */
export async function reportNats({ computers, json, charts }: NatsReportOptions): Promise<boolean> {
  if (!isOnPath('nats-server'))
    throw new Error('nats-server is missing; on Debian: apt-get install nats-server');
  if (computers <= FEW)
    throw new RangeError(`--computers must be more than ${FEW}, of whom not all have a slot`);
  checkOpenFiles(computers);
  const progress = new Progress('nats');
  const all: Scale[] = [];
  const [load = 0] = loadavg();
  for (const size of [...SIZES.filter((each) => each < computers), computers]) {
    const scale = await inScene(size, (text) => progress.show(text));
    all.push(scale);
    if (json) console.log(JSON.stringify({ nats: size, ok: isFair(scale), load, ...scale }));
  }
  progress.end();
  const tables = [costs(all), times(all)];
  if (!json) console.log(tables.map(plainTable).join('\n\n'));
  for (const each of all.filter((one) => !isFair(one))) console.error(unfair(each));
  const beside = `${machine()} nats-server ${all[0]?.serverVersion}. Load average before: ${load.toFixed(1)}.`;
  if (charts) publish('docs/guide/scale.md', 'scale', tables, chartsOf(all), beside);
  return all.every(isFair);
}

/** Whether it came to all who have the slot, and cost the server nothing for the others. */
export function isFair(scale: Scale): boolean {
  const { computers, deliveredToFew, arrivedAtFew, deliveredToAll, arrivedAtAll } = scale;
  const isFew = deliveredToFew === FEW && arrivedAtFew === FEW;
  return isFew && deliveredToAll === computers - 1 && arrivedAtAll === computers - 1;
}

async function inScene(size: number, progress: (text: string) => void): Promise<Scale> {
  const { scene, clear } = makeScene();
  try {
    return await measureScale(scene, size, progress);
  } finally {
    await clear();
  }
}

function unfair({ computers, deliveredToFew, arrivedAtFew, deliveredToAll, arrivedAtAll }: Scale): string {
  const few = `a slot of ${FEW}: given out ${deliveredToFew} times, came ${arrivedAtFew} times`;
  const all = `a slot of all others: given out ${deliveredToAll} times, came ${arrivedAtAll} times`;
  return `${computers} computers; ${few}; ${all}`;
}

const kilobytes = (bytes: number): number => bytes / 1_024;
const whole = (count: number): string => count.toLocaleString('en-US');

function costs(all: readonly Scale[]): Table {
  return {
    title: 'What a domain costs on one server',
    columns: [
      'computers',
      'deliveries of one message, slot of all',
      `slot of ${FEW}`,
      'memory each, server',
      'memory each, client',
      'at rest, server sends',
      'at rest, of one core',
    ],
    rows: all.map((each) => [
      whole(each.computers),
      whole(each.deliveredToAll),
      whole(each.deliveredToFew),
      `${figure(kilobytes(each.serverMemory))} KB`,
      `${figure(kilobytes(each.clientMemory))} KB`,
      `${figure(kilobytes(each.restBytesPerSecond))} KB/s`,
      `${figure(100 * each.restCpuShare)} %`,
    ]),
  };
}

function times(all: readonly Scale[]): Table {
  return {
    title: 'How long things take',
    columns: [
      'computers',
      'all have joined',
      'server killed and restarted, all are back',
      'one more joins, p50',
      'p99',
      'the last has a message to all, median',
      'worst',
    ],
    rows: all.map((each) => [
      whole(each.computers),
      ...[
        each.allJoinedAfterMs,
        each.allBackAfterMs,
        median(each.joinedAfterMs),
        quantile(each.joinedAfterMs, 0.99),
        median(each.lastHasItAfterMs),
        Math.max(...each.lastHasItAfterMs),
      ].map((ms) => `${figure(ms)} ms`),
    ]),
  };
}

function chartsOf(all: readonly Scale[]): Chart[] {
  const steps = all.map(({ computers }) => computers);
  const x = 'computers';
  const series = (name: string, value: (each: Scale) => number) => ({ name, values: all.map(value) });
  return [
    {
      file: 'scale-deliveries',
      title: 'One message to all',
      x,
      y: 'deliveries by the server',
      steps,
      series: [
        series('to a slot that all have', ({ deliveredToAll }) => deliveredToAll),
        series(`to a slot that ${FEW} have`, ({ deliveredToFew }) => deliveredToFew),
      ],
    },
    {
      file: 'scale-memory',
      title: 'Memory that one computer’s connection takes',
      x,
      y: 'KB',
      steps,
      series: [
        series('in the client', ({ clientMemory }) => kilobytes(clientMemory)),
        series('in the server', ({ serverMemory }) => kilobytes(serverMemory)),
      ],
    },
    {
      file: 'scale-time',
      title: 'How long it takes',
      x,
      y: 'ms',
      steps,
      series: [
        series('one joins, p50', ({ joinedAfterMs }) => median(joinedAfterMs)),
        series('one joins, p99', ({ joinedAfterMs }) => quantile(joinedAfterMs, 0.99)),
        series('the last has a message to all', ({ lastHasItAfterMs }) => median(lastHasItAfterMs)),
      ],
    },
  ];
}
