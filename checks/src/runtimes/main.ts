// `npm run check:runtimes [-- --json] [--write-docs]`: runs the packages' tests on every runtime that is pinned, and
// tells what came of each; ends with 1 unless what fails is what is known to. `--write-docs` renews the README's table.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRepo } from '../support/repo.js';
import { install } from './install.js';
import { complaintsAbout, reasonOf } from './judge.js';
import { KNOWN } from './known.js';
import { RUNTIMES } from './pinned.js';
import { type RuntimeOutcome, runRuntime, testFiles } from './run-runtime.js';
import { withTable } from './table.js';

const README = inRepo('README.md');

const options = usage();
if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error('could not run: the runtimes are pinned for Linux on x64');
  process.exit(1);
}
install(RUNTIMES);

const outcomes: RuntimeOutcome[] = [];
for (const runtime of RUNTIMES) {
  console.error(`${runtime.name}: ${testFiles(runtime.packages).length} files …`);
  const outcome = await runRuntime(runtime);
  outcomes.push(outcome);
  console.log(options.json ? jsonOf(outcome) : linesOf(outcome));
}

const complaints = complaintsAbout(outcomes, KNOWN);
for (const complaint of complaints) console.error(complaint);
if (options['write-docs']) {
  if (complaints.length === 0)
    writeFileSync(README, withTable(readFileSync(README, 'utf8'), outcomes, KNOWN));
  else console.error('the README is left as it was');
}
process.exitCode = complaints.length === 0 ? 0 : 1;

function usage(): { json?: boolean; 'write-docs'?: boolean } {
  try {
    const flags = { json: { type: 'boolean' }, 'write-docs': { type: 'boolean' } } as const;
    return parseArgs({ options: flags }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\nusage: npm run check:runtimes [-- --json] [--write-docs]`);
    process.exit(2);
  }
}

function jsonOf({ runtime, passed, failed, failures }: RuntimeOutcome): string {
  const reasoned = failures.map((each) => ({ ...each, known: reasonOf(KNOWN, runtime, each.test) }));
  return JSON.stringify({ runtime, passed, failed, failures: reasoned });
}

function linesOf({ runtime, passed, failed, failures }: RuntimeOutcome): string {
  const lines = failures.map(({ test, error }) => {
    const reason = reasonOf(KNOWN, runtime, test);
    return `  ${test}: ${error}${reason === undefined ? '' : ` [known: ${reason}]`}`;
  });
  return [`${runtime.padEnd(13)} ${passed} passed, ${failed} failed`, ...lines].join('\n');
}
