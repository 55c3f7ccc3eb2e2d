import type { Table, Target } from './outcome.js';

const LOCALE = 'en-US';

/** A number with three significant digits, or all that stand before the point. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toLocaleString(LOCALE, {
    minimumFractionDigits: Math.min(digits, 2),
    maximumFractionDigits: Math.min(digits, 2),
  });
}

/** A table for a terminal: names to the left, numbers to the right. */
export function plainTable({ title, columns, rows }: Table): string {
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [title, '', line(columns), ...rows.map(line)].join('\n');
}

/** The same for a page. */
export function markdownTable({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, at) => (at === 0 ? '---' : '---:'));
  return [`### ${title}`, '', line(columns), line(rule).replaceAll(' ', ''), ...rows.map(line)].join('\n');
}

/** All targets beside what was measured. */
export function targetTable(targets: readonly Target[]): Table {
  return {
    title: 'Targets',
    columns: ['case', 'measured', 'target', 'met'],
    rows: targets.map((target) => [
      target.case,
      figure(target.ratio),
      `${target.bound} ${target.target}`,
      target.met ? 'yes' : 'no',
    ]),
  };
}
