// `npm run floods -- [NAME…] [--json] [--seconds N]`: what strangers can make grow. Runs every flood (those whose
// resource or attacker holds one of the NAMEs), each attack for N seconds, and prints what was measured beside its
// bound: a table, or with `--json` one object a line. Ends with 1 if one is over its bound.
import { parseArgs } from 'node:util';
import { missingOf } from '../support/needs.js';
import { floods } from './all.js';
import type { Flood, Flooded } from './flood.js';
import { runInProcess } from './in-process.js';

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
  },
  allowPositionals: true,
});

const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new RangeError(`${values.seconds} is no number of seconds`);
const isAsked = ({ resource, attacker }: Flood): boolean =>
  positionals.length === 0 || positionals.some((name) => `${resource} ${attacker}`.includes(name));
const chosen = floods.filter(isAsked);
if (chosen.length === 0)
  throw new Error(`resources are ${floods.map(({ resource }) => resource).join(', ')}`);

const cells = (row: readonly string[]): string[] => {
  const widths = [
    Math.max(8, ...chosen.map(({ resource }) => resource.length)),
    Math.max(8, ...chosen.map(({ attacker }) => attacker.length)),
    14,
    14,
  ];
  return row.map((cell, at) => cell.padEnd(widths[at] ?? 0));
};
const printRow = (...row: readonly string[]): void => console.log(cells(row).join('  ').trimEnd());

if (!values.json) printRow('resource', 'attacker', 'bound', 'measured peak', 'ok');
for (const flood of chosen) {
  const missing = missingOf(flood.needs ?? []);
  if (missing.length > 0) {
    console.error(`not shown: ${flood.resource}, ${flood.attacker}: needs ${missing.join(', ')}`);
    continue;
  }
  const flooded = await runInProcess(flood, seconds);
  if (!flooded.ok) process.exitCode = 1;
  if (values.json) {
    const { resource, attacker } = flood;
    console.log(JSON.stringify({ resource, attacker, ...flooded }));
  } else printRow(flood.resource, flood.attacker, ...measured(flooded));
}

function measured({ bound, peak, unit, ok, note }: Flooded): string[] {
  const verdict = ok ? 'yes' : 'NO';
  return [
    bound.toLocaleString('en'),
    peak.toLocaleString('en'),
    `${verdict}  (${unit})${note ? ` ${note}` : ''}`,
  ];
}
