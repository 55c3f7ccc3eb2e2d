// `npm run bench -- local [--quick] [--json] [--case NAME] [--charts]`: what messages cost, ours and others', in one run.
//
// Prints one line of JSON for each target, and before them, without --json, tables. Ends with 1 when a target is
// missed, when messages are lost or wrong, or when a contestant cannot run.
import { parseArgs } from 'node:util';
import { inRepo } from '../support/repo.js';
import { Bench, FULL, QUICK } from './bench.js';
import { cases, trials } from './cases/all.js';
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

const chosen = choose(values.case);
if (positionals.length !== 1 || positionals[0] !== 'local' || chosen.size === 0) {
  console.error('usage: bench local [--quick] [--json] [--case NAME]… [--charts]');
  console.error(`cases: ${[...cases.keys(), ...trials.keys()].join(', ')}`);
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
  if (values.charts) publish(inRepo('docs/performance'), outcomes, chosen.size === cases.size);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await bench.close();
}
for (const { targets } of outcomes.values()) {
  for (const target of targets) {
    console.log(JSON.stringify(target));
    if (!target.met) process.exitCode = 1;
  }
}

/** The cases whose names begin so, none if one of these names is nobody's; all that are measured if none is given. */
function choose(names: readonly string[]): typeof cases {
  if (names.length === 0) return cases;
  const all = [...cases, ...trials];
  if (names.some((wanted) => !all.some(([name]) => name.startsWith(wanted)))) return new Map();
  return new Map(all.filter(([name]) => names.some((wanted) => name.startsWith(wanted))));
}
