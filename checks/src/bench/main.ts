// `npm run bench -- local|lan|nats [--quick] [--json] [--case NAME] [--charts]`: what messages cost, ours and others',
// in one run, between processes of one computer or between computers.
//
// Prints one line of JSON for each target, and before them, without --json, tables. Ends with 1 when a target is
// missed, when messages are lost or wrong, or when a contestant cannot run. Those that need a library which is not made
// for this Node, or which cannot be fetched, are named on stderr as not measured, and a target that needs them is missed.
import { parseArgs } from 'node:util';
import { inRepo } from '../support/repo.js';
import { Bench, FULL, QUICK } from './bench.js';
import { type Case, groups } from './cases/all.js';
import type { Outcome } from './report/outcome.js';
import { publish } from './report/page.js';
import { plainTable } from './report/text.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    charts: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [] },
  },
});

const group = positionals.length === 1 ? groups.get(positionals[0] as string) : undefined;
const chosen = choose(values.case);
if (group === undefined || chosen.size === 0) {
  console.error(`usage: bench ${[...groups.keys()].join('|')} [--quick] [--json] [--case NAME]… [--charts]`);
  for (const [name, { cases, trials }] of groups)
    console.error(`cases of ${name}: ${[...cases.keys(), ...trials.keys()].join(', ')}`);
  process.exit(2);
}

// So that brokers and the temporary folder end with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const bench = new Bench(values.quick ? QUICK : FULL);
const outcomes = new Map<string, Outcome>();
try {
  for (const [name, run] of chosen) {
    const outcome = await run(bench);
    outcomes.set(name, outcome);
    if (!values.json) console.log(`${outcome.tables.map(plainTable).join('\n\n')}\n`);
  }
  if (values.charts)
    publish(inRepo('docs/performance', group.page), outcomes, chosen.size === group.cases.size);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await bench.close();
}
for (const who of bench.notMeasured) console.error(`not measured: ${who}`);
for (const { targets } of outcomes.values()) {
  for (const target of targets) {
    console.log(JSON.stringify(target));
    if (!target.met) process.exitCode = 1;
  }
}

/** The cases whose names begin so, none if one of these names is nobody's; all that are measured if none is given. */
function choose(names: readonly string[]): ReadonlyMap<string, Case> {
  const { cases = new Map<string, Case>(), trials = [] } = group ?? {};
  if (names.length === 0) return cases;
  const all = [...cases, ...trials];
  if (names.some((wanted) => !all.some(([name]) => name.startsWith(wanted)))) return new Map();
  return new Map(all.filter(([name]) => names.some((wanted) => name.startsWith(wanted))));
}
