import { reasonOf } from './judge.js';
import type { KnownFailure } from './known.js';
import type { RuntimeOutcome } from './run-runtime.js';

const MARKER = '<!-- runtimes -->';

/** The page with the table of these outcomes between its two markers. */
export function withTable(
  page: string,
  outcomes: readonly RuntimeOutcome[],
  known: readonly KnownFailure[],
): string {
  const parts = page.split(MARKER);
  if (parts.length !== 3) throw new Error(`${MARKER} must stand twice in the page`);
  const rows = outcomes.map((each) => `| ${titleOf(each.runtime)} | ${cellOf(each, known)} |\n`);
  return [parts[0], `\n\n| runtime | tests |\n|---|---|\n${rows.join('')}\n`, parts[2]].join(MARKER);
}

/** The runtimes that have a row in the table of a page. */
export function rowsIn(page: string): string[] {
  const [, table = ''] = page.split(MARKER);
  return Array.from(table.matchAll(/^\| ([A-Z]\w+ [\d.]+) \|/gm), ([, title]) => title!.toLowerCase());
}

/** Without the number of those that pass, which is another with every new test. */
function cellOf({ runtime, failures, lacks }: RuntimeOutcome, known: readonly KnownFailure[]): string {
  if (failures.length === 0) return lacks === undefined ? 'all pass' : `all pass; ${lacks}`;
  const reasons = new Map<string, string[]>();
  for (const { test, error } of failures) {
    const reason = reasonOf(known, runtime, test) ?? error;
    reasons.set(reason, [...(reasons.get(reason) ?? []), test]);
  }
  const parts = Array.from(reasons, ([reason, tests]) => `${quoted(tests)} (${reason})`);
  return `all pass but ${parts.join(', ')}`.replaceAll('|', '\\|');
}

function quoted(tests: readonly string[]): string {
  return tests.map((test) => `*${test}*`).join(' and ');
}

function titleOf(runtime: string): string {
  return runtime.charAt(0).toUpperCase() + runtime.slice(1);
}
