// `npm run canaries [-- PART OF A NAME]`: plants every defect of the registry in a copy of the built packages and
// demands that the test named for it turns red, and that it is green without the defect. Several are tried at once, each
// in a copy of its own: one more than there are processors, since most tests wait for something.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran } from '../support/run-test-file.js';
import { canaries } from './canaries.js';
import type { Canary } from './canary.js';
import { copyBuild, isCaught, runIn } from './plant.js';

/** What a test may take beyond a few times of what it takes without a defect: a defect that makes it hang is noticed. */
const PATIENCE_MS = 10_000;
const SLOWER = 3;

interface Green extends Ran {
  readonly ms: number;
}

const [wanted = ''] = process.argv.slice(2);
const waiting = canaries.filter(({ name }) => name.includes(wanted));
const total = waiting.length;
/** What each test does without a defect. */
const green = new Map<string, Promise<Green>>();
let failed = 0;
let notShown = 0;

await Promise.all(Array.from({ length: Math.min(availableParallelism() + 1, total) }, tryThem));
console.log(`${total - failed - notShown} passed, ${failed} failed, ${notShown} not shown`);
process.exitCode = failed === 0 && total > 0 ? 0 : 1;

/** Tries one after the other in a copy, until none waits. */
async function tryThem(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-canaries-'));
  // Some tests run what is built as another user.
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  copyBuild(folder);
  for (let canary = waiting.shift(); canary !== undefined; canary = waiting.shift()) {
    const begun = performance.now();
    const { skipped } = await soundRun(folder, canary);
    if (skipped !== undefined) {
      notShown++;
      console.log(`not shown: ${canary.name}: ${skipped}`);
      continue;
    }
    // A canary that cannot be planted is one that failed: the others are tried all the same.
    const complaint = await judge(folder, canary).catch((error: Error) => error.message);
    if (complaint !== undefined) failed++;
    const verdict =
      complaint === undefined ? `ok      ${canary.name}` : `FAILED  ${canary.name}: ${complaint}`;
    console.log(`${verdict} (${((performance.now() - begun) / 1_000).toFixed(1)} s)`);
  }
}

async function judge(folder: string, canary: Canary): Promise<string | undefined> {
  const run = runOf(canary);
  const { passed, ms } = await soundRun(folder, canary);
  if (!passed) return `${run} fails without any defect`;
  if ((await isCaught(folder, canary, PATIENCE_MS + SLOWER * ms)) === (canary.kind === 'defect'))
    return undefined;
  return canary.kind === 'defect' ? `${run} does not notice it` : `${run} fails, although nothing is wrong`;
}

function soundRun(folder: string, canary: Canary): Promise<Green> {
  const run = runOf(canary);
  const known = green.get(run) ?? timed(folder, canary);
  green.set(run, known);
  return known;
}

async function timed(folder: string, canary: Canary): Promise<Green> {
  const begun = performance.now();
  const ran = await runIn(folder, canary);
  return { ...ran, ms: performance.now() - begun };
}

function runOf({ test, pattern }: Canary): string {
  return `${test} ${pattern ?? ''}`;
}
