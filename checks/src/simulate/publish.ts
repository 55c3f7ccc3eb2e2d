import { readFileSync, writeFileSync } from 'node:fs';
import { lineChart } from '../bench/report/line-chart.js';
import type { Chart, Table } from '../bench/report/outcome.js';
import { withSection } from '../bench/report/page.js';
import { markdownTable } from '../bench/report/text.js';
import { inRepo } from '../support/repo.js';

/** Puts tables, what is to be said below them, and charts into the section of a page of docs/. */
export function publish(
  page: string,
  section: string,
  tables: readonly Table[],
  charts: readonly Chart[],
  ...beside: readonly string[]
): void {
  const path = inRepo(page);
  const images = charts.map(
    ({ file, title, y, x }) => `![${title}, ${y}, by ${x}](../performance/${file}.svg)`,
  );
  const content = [...tables.map(markdownTable), ...beside, ...images].join('\n\n');
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), section, content));
  for (const chart of charts)
    writeFileSync(inRepo('docs/performance', `${chart.file}.svg`), lineChart(chart));
}
