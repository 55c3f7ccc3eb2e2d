import { jsonLine } from './escape.js';
import { startOf } from './width.js';

/** The size of a screen, as a terminal's stream tells it. */
export interface Screen {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Draws each frame over the one before: lines are overwritten, then what is left is cleared, in a single write, so
 * that nothing flickers. What does not fit on the screen is cut off, or going back to the first line would fail.
 */
export function inPlace(screen: Screen): (frame: string) => string {
  let drawn = 0;
  return (frame) => {
    const lines = frame
      .trimEnd()
      .split('\n')
      .slice(0, screen.rows - 1);
    const back = drawn > 0 ? `\x1b[${drawn}A` : '';
    drawn = lines.length;
    return `${back}\r${lines.map((line) => `${cut(line, screen.columns)}\x1b[K\n`).join('')}\x1b[J`;
  };
}

/** A frame when it differs from the one before, with an empty line between two. */
export function changedBlocks(): (frame: string) => string {
  let last: string | undefined;
  return (frame) => {
    if (frame === last) return '';
    const separator = last === undefined ? '' : '\n';
    last = frame;
    return separator + frame;
  };
}

/** One line for each object that is new or differs, and `{"name":…,"gone":true}` for each that is no longer there. */
export function changedObjects(): (records: readonly Record<string, unknown>[]) => string {
  let last = new Set<string>();
  let names = new Set<unknown>();
  return (records) => {
    const lines = new Set(records.map(jsonLine));
    const present = new Set(records.map(({ name }) => name));
    const gone = [...names]
      .filter((name) => !present.has(name))
      .map((name) => jsonLine({ name, gone: true }));
    const changed = [...lines].filter((line) => !last.has(line));
    last = lines;
    names = present;
    return [...gone, ...changed].join('');
  };
}

// One column stays free: a full line would wait to wrap, and clearing to its end would take its last character.
function cut(line: string, columns: number): string {
  return startOf(line, columns - 1);
}
