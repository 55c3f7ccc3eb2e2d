// `npm run conformance [-- --json] [--case K20]`: goes through all cases, or those named, and tells what came of each;
// ends with 1 if one fails. `--write-docs` writes the page that is made of them.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRepo } from '../support/repo.js';
import type { State } from './cases.js';
import type { Verdict } from './engine.js';
import { PAGE, pageOf } from './page.js';
import { CASES, GROUPS, runSuite } from './suite.js';

const QUIET_MS = 1000;

const options = usage();
const wanted = options.case ?? [...CASES.keys()];
const groups = GROUPS.filter(({ cases }) => wanted.some((id) => id in cases));
const began = performance.now();
let shownAt = began;
const verdicts = await runSuite(groups, (done, all) => {
  const now = performance.now();
  if (now - began < QUIET_MS || now - shownAt < QUIET_MS) return;
  shownAt = now;
  console.error(`${done} of ${all} steps`);
});

const chosen = verdicts.filter(({ case: id }) => wanted.includes(id));
for (const verdict of chosen) console.log(options.json ? JSON.stringify(verdict) : lineOf(verdict));
const count = (state: State): number => chosen.filter((verdict) => verdict.state === state).length;
const fails = count('fails');
if (!options.json) {
  console.log(
    `\n${count('holds')} hold, ${count('differs')} differ, ${count('n/a')} do not apply, ${fails} fail`,
  );
}
if (options['write-docs']) {
  if (fails === 0) writeFileSync(inRepo(PAGE), pageOf(verdicts));
  else console.error(`${PAGE} is left as it was: it tells of no case that fails`);
}
process.exitCode = fails === 0 ? 0 : 1;

function usage(): { json?: boolean; case?: string[]; 'write-docs'?: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean' },
        case: { type: 'string', multiple: true },
        'write-docs': { type: 'boolean' },
      },
    });
    const unknown = values.case?.filter((id) => !CASES.has(id)) ?? [];
    if (unknown.length > 0) throw new Error(`there is no case ${unknown.join(', ')}`);
    if (values['write-docs'] && values.case)
      throw new Error('the page is made of all cases: no --case with --write-docs');
    return values;
  } catch (error) {
    console.error(
      `${(error as Error).message}\nusage: npm run conformance [-- --json] [--case K20]… [--write-docs]`,
    );
    process.exit(2);
  }
}

function lineOf({ case: id, state, reason, decision }: Verdict): string {
  return `${id.padEnd(5)} ${state.padEnd(8)} ${reason ?? decision ?? ''}`.trimEnd();
}
