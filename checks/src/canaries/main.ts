// `npm run canaries [-- PART OF A NAME]`: plants every defect of the registry in a copy of the built packages and
// demands that the test named for it turns red, and that it is green without the defect. Several are tried at once, each
// in a copy of its own: one more than there are processors, since most tests wait for something.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { canaries } from './canaries.js';
import type { Canary } from './canary.js';
import { copyHouse, isCaught, passes, TIME_LIMIT_MS } from './plant.js';

/** What a test may take beyond a few times of what it takes without a defect: a defect that makes it hang is noticed. */
const PATIENCE_MS = 10_000;
const SLOWER = 4;

const [wanted = ''] = process.argv.slice(2);
const waiting = canaries.filter(({ name }) => name.includes(wanted));
const total = waiting.length;
/** How long each test takes without a defect; `undefined` if it fails. */
const green = new Map<string, Promise<number | undefined>>();
let failed = 0;

await Promise.all(Array.from({ length: Math.min(availableParallelism() + 1, total) }, tryThem));
console.log(`${total - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 && total > 0 ? 0 : 1;

/** Tries one after the other in a copy, until none waits. */
async function tryThem(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-canaries-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  copyHouse(folder);
  for (let canary = waiting.shift(); canary !== undefined; canary = waiting.shift()) {
    const begun = performance.now();
    // A canary that cannot be planted is one that failed: the others are tried all the same.
    const complaint = await judge(folder, canary).catch((error: Error) => error.message);
    if (complaint !== undefined) failed++;
    const verdict =
      complaint === undefined ? `ok      ${canary.name}` : `FAILED  ${canary.name}: ${complaint}`;
    console.log(`${verdict} (${((performance.now() - begun) / 1_000).toFixed(1)} s)`);
  }
}

async function judge(folder: string, canary: Canary): Promise<string | undefined> {
  const run = `${canary.test} ${canary.pattern ?? ''}`;
  if (!green.has(run)) green.set(run, timeOf(folder, canary));
  const usual = await green.get(run);
  if (usual === undefined) return `${run} fails without any defect`;
  const limit = Math.min(TIME_LIMIT_MS, PATIENCE_MS + SLOWER * usual);
  if ((await isCaught(folder, canary, limit)) === (canary.kind === 'defect')) return undefined;
  return canary.kind === 'defect' ? `${run} does not notice it` : `${run} fails, although nothing is wrong`;
}

async function timeOf(folder: string, canary: Canary): Promise<number | undefined> {
  const begun = performance.now();
  return (await passes(folder, canary)) ? performance.now() - begun : undefined;
}
