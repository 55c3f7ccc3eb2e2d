import { readFileSync, writeFileSync } from 'node:fs';
import { lineChart } from '../../bench/report/line-chart.js';
import type { Chart, Table } from '../../bench/report/outcome.js';
import { withSection } from '../../bench/report/page.js';
import { figure, markdownTable, plainTable } from '../../bench/report/text.js';
import { median } from '../../bench/statistics.js';
import { inRepo } from '../../support/repo.js';
import { Progress } from '../progress.js';
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
  if (charts) publish(all);
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

function publish(all: readonly Discovery[]): void {
  const page = inRepo('docs/internals/simulation.md');
  const charts = chartsOf(all);
  const images = charts.map(
    ({ file, title, y, x }) => `![${title}, ${y}, by ${x}](../performance/${file}.svg)`,
  );
  const section = [markdownTable(tableOf(all)), ...images].join('\n\n');
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), 'discovery', section));
  for (const chart of charts)
    writeFileSync(inRepo('docs/performance', `${chart.file}.svg`), lineChart(chart));
}
