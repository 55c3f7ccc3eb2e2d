// `npm run canaries [-- PART OF A NAME]`: plants every defect of the registry in a copy of the built packages and
// demands that the test named for it turns red, and that it is green without the defect.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canaries } from './canaries.js';
import type { Canary } from './canary.js';
import { copyHouse, isCaught, passes } from './plant.js';

const [wanted = ''] = process.argv.slice(2);
const chosen = canaries.filter(({ name }) => name.includes(wanted));
const folder = mkdtempSync(join(tmpdir(), 'mailslot-canaries-'));
const green = new Set<string>();
let failed = 0;

try {
  copyHouse(folder);
  for (const canary of chosen) {
    const complaint = judge(canary);
    if (complaint !== undefined) failed++;
    console.log(complaint === undefined ? `ok      ${canary.name}` : `FAILED  ${canary.name}: ${complaint}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 && chosen.length > 0 ? 0 : 1;

function judge(canary: Canary): string | undefined {
  const run = `${canary.test} ${canary.pattern ?? ''}`;
  if (!green.has(run) && !passes(folder, canary)) return `${run} fails without any defect`;
  green.add(run);
  if (isCaught(folder, canary) === (canary.kind === 'defect')) return undefined;
  return canary.kind === 'defect' ? `${run} does not notice it` : `${run} fails, although nothing is wrong`;
}
