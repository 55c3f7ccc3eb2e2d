import type { Chart, Table } from '../../bench/report/outcome.js';
import { figure, plainTable } from '../../bench/report/text.js';
import { median } from '../../bench/statistics.js';
import { Progress } from '../progress.js';
import { publish } from '../publish.js';
import { type Discovery, measureDiscovery } from './measure.js';

export interface ReportOptions {
  readonly json: boolean;
  /** Write the page's table and the charts. */
  readonly charts: boolean;
}

const SIZES = [100, 1_000, 10_000];
const KNOWN_MS = 1_000;
/** Ten announcements a second are meant; they come by chance. */
const DATAGRAMS_PER_SECOND = 15;

/** Measures all sizes and prints them. Whether each newcomer was known in a second, and the LAN stayed quiet. */
export async function reportDiscovery({ json, charts }: ReportOptions): Promise<boolean> {
  const progress = new Progress('discovery');
  const all: Discovery[] = [];
  for (const size of SIZES) all.push(await measureDiscovery(size, (text) => progress.show(text)));
  progress.end();
  if (json)
    for (const each of all)
      console.log(JSON.stringify({ discovery: each.computers, ok: isQuick(each), ...each }));
  else console.log(plainTable(tableOf(all)));
  if (charts) publish('docs/internals/simulation.md', 'discovery', [tableOf(all)], chartsOf(all));
  return all.every(isQuick);
}

export function isQuick({ knownAfterMs, knowsAllAfterMs, datagramsPerSecond }: Discovery): boolean {
  const isKnown = [...knownAfterMs, ...knowsAllAfterMs].every((ms) => ms < KNOWN_MS);
  return isKnown && datagramsPerSecond <= DATAGRAMS_PER_SECOND;
}

function tableOf(all: readonly Discovery[]): Table {
  return {
    title: 'Discovery',
    columns: [
      'computers',
      'known to all after, median',
      'worst',
      'knows all after, median',
      'worst',
      'datagrams/s, all',
      'one sends/s',
      'one hears/s',
      'datagrams a newcomer',
    ],
    rows: all.map((each) => [
      each.computers.toLocaleString('en-US'),
      ...[each.knownAfterMs, each.knowsAllAfterMs].flatMap((times) => [
        `${figure(median(times))} ms`,
        `${figure(Math.max(...times))} ms`,
      ]),
      figure(each.datagramsPerSecond),
      each.sentPerSecond.toPrecision(2),
      figure(each.heardPerSecond),
      figure(each.datagramsPerNewcomer),
    ]),
  };
}

function chartsOf(all: readonly Discovery[]): Chart[] {
  const steps = all.map(({ computers }) => computers);
  const series = (name: string, value: (each: Discovery) => number) => ({ name, values: all.map(value) });
  return [
    {
      file: 'discovery',
      title: 'Discovery of a newcomer',
      x: 'computers',
      y: 'ms after its start',
      steps,
      series: [
        series('known to all, worst of 10', ({ knownAfterMs }) => Math.max(...knownAfterMs)),
        series('knows all, worst of 20', ({ knowsAllAfterMs }) => Math.max(...knowsAllAfterMs)),
      ],
    },
    {
      file: 'discovery-traffic',
      title: 'A domain at rest',
      x: 'computers',
      y: 'datagrams a second',
      steps,
      series: [
        series('sent by all together', ({ datagramsPerSecond }) => datagramsPerSecond),
        series('heard by each', ({ heardPerSecond }) => heardPerSecond),
        series('sent by each', ({ sentPerSecond }) => sentPerSecond),
      ],
    },
  ];
}
