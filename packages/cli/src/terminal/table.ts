import { columnsOf } from './width.js';

export type Alignment = 'left' | 'right';

/** Rows as columns that are as wide as their widest cell, two spaces apart, without blanks at line ends. */
export function formatTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string {
  const widths = alignments.map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))));
  const cell = (text: string, column: number): string => {
    const blanks = ' '.repeat((widths[column] ?? 0) - columnsOf(text));
    return alignments[column] === 'right' ? blanks + text : text + blanks;
  };
  return rows.map((row) => `${row.map(cell).join('  ').trimEnd()}\n`).join('');
}
