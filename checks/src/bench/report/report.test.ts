import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder, writeFiles } from '../../support/folder.js';
import { lineChart } from './line-chart.js';
import { atLeast, atMost, type Chart, type Outcome } from './outcome.js';
import { publish, withSection } from './page.js';
import { figure, markdownTable, plainTable } from './text.js';

const table = {
  title: 'Speed',
  columns: ['who', 'per s'],
  rows: [
    ['ours', '1,000'],
    ['theirs', '9'],
  ],
};

const chart: Chart = {
  file: 'growth',
  title: 'Growth <of> "it"',
  x: 'writers',
  y: 'µs',
  steps: [1, 1000],
  series: [
    { name: 'ours', values: [1, 2] },
    { name: 'theirs', values: [3, 7] },
  ],
};

test('a target is met on its own side only', () => {
  assert.deepEqual(atLeast('a', 0.93, 0.8), {
    case: 'a',
    ratio: 0.93,
    target: 0.8,
    bound: 'at least',
    met: true,
  });
  assert.equal(atLeast('a', 0.79, 0.8).met, false);
  assert.equal(atMost('a', 1.2, 1.3).met, true);
  assert.equal(atMost('a', 1.31, 1.3).met, false);
  assert.equal(atLeast('not measured', Number.NaN, 0.8).met, false);
  assert.equal(atMost('not measured', Number.NaN, 1.3).met, false);
});

test('figures have three digits, or all before the point', () => {
  assert.deepEqual([0.0123, 0.5, 1.2345, 12.345, 123.45, 12_345_678, 0, Number.NaN].map(figure), [
    '0.01',
    '0.50',
    '1.23',
    '12.3',
    '123',
    '12,345,678',
    '0.00',
    '–',
  ]);
});

test('a table stands in columns, or as Markdown', () => {
  assert.equal(plainTable(table), 'Speed\n\nwho     per s\nours    1,000\ntheirs      9');
  assert.equal(
    markdownTable(table),
    '### Speed\n\n| who | per s |\n|---|---:|\n| ours | 1,000 |\n| theirs | 9 |',
  );
});

test('a chart shows each value, within its bounds, and escapes what it is given', () => {
  const svg = lineChart(chart);
  assert.match(svg, /Growth &lt;of> &quot;it&quot;/);
  assert.equal(svg.match(/<polyline/g)?.length, 2);
  const heights = Array.from(svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)" r="3.5"/g), ([, y]) =>
    Number(y),
  );
  assert.equal(heights.length, 4);
  assert.deepEqual(
    heights.toSorted((a, b) => b - a),
    heights,
  );
  assert.ok(heights.every((height) => height > 0 && height < 320));
});

test('a section of a page is replaced, and only that', () => {
  const page = 'a\n<!-- bench: x -->\nold\n<!-- /bench -->\nb\n<!-- bench: y -->\nkeep\n<!-- /bench -->\n';
  assert.equal(
    withSection(page, 'x', 'new'),
    'a\n<!-- bench: x -->\nnew\n<!-- /bench -->\nb\n<!-- bench: y -->\nkeep\n<!-- /bench -->\n',
  );
  assert.throws(() => withSection(page, 'z', 'new'), /no section/);
});

test('what was measured goes into the page, and the charts beside it', (t) => {
  const folder = join(temporaryFolder(t), 'performance');
  const sections = ['targets', 'machine', 'speed'].map((name) => `<!-- bench: ${name} -->\n<!-- /bench -->`);
  mkdirSync(folder);
  writeFiles(folder, { 'README.md': sections.join('\n') });
  const outcome: Outcome = { tables: [table], targets: [atLeast('a', 2, 1)], charts: [chart] };

  publish(join(folder, 'README.md'), new Map([['speed', outcome]]), false);
  const partial = readFileSync(join(folder, 'README.md'), 'utf8');
  assert.match(partial, /theirs \| 9/);
  assert.match(partial, /!\[.*\]\(growth\.svg\)/);
  assert.doesNotMatch(partial, /at least 1/);
  assert.match(readFileSync(join(folder, 'growth.svg'), 'utf8'), /^<svg /);

  publish(join(folder, 'README.md'), new Map([['speed', outcome]]), true);
  const complete = readFileSync(join(folder, 'README.md'), 'utf8');
  assert.match(complete, /\| a \| 2\.00 \| at least 1 \| yes \|/);
  assert.match(complete, /Node \d/);
});
