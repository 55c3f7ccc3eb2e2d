import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { lineChart } from './line-chart.js';
import type { Outcome, Target } from './outcome.js';
import { markdownTable, targetTable } from './text.js';

/** Puts what was measured into a page, between its markers, and draws the charts beside it. */
export function publish(file: string, outcomes: ReadonlyMap<string, Outcome>, isComplete: boolean): void {
  const folder = dirname(file);
  let page = readFileSync(file, 'utf8');
  const targets: Target[] = [];
  for (const [name, outcome] of outcomes) {
    targets.push(...outcome.targets);
    page = withSection(page, name, section(outcome));
    for (const chart of outcome.charts) writeFileSync(join(folder, `${chart.file}.svg`), lineChart(chart));
  }
  // Some of the targets beside a machine that measured only these would be read as all of them.
  if (isComplete) {
    page = withSection(page, 'targets', markdownTable(targetTable(targets)));
    page = withSection(page, 'machine', machine());
  }
  writeFileSync(file, page);
}

/** Replaces what stands between `<!-- bench: name -->` and the next `<!-- /bench -->`. Throws if that is nowhere. */
export function withSection(page: string, name: string, content: string): string {
  const begin = `<!-- bench: ${name} -->`;
  const end = '<!-- /bench -->';
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`the page has no section ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n${content}\n${page.slice(to)}`;
}

function section({ tables, charts }: Outcome): string {
  const images = charts.map(({ file, title, y, x }) => `![${title}, ${y}, by ${x}](${file}.svg)`);
  return [...tables.map(markdownTable), ...images].join('\n\n');
}

/** What it was measured on, as a sentence. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${first?.model.trim()}, ${memory} GB, ${type()} ${release()}, Node ${process.versions.node}.`;
}
