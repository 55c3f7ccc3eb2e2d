// Tries the canaries whose names it is told, in a copy of the built packages; `undefined` is the end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { canaries } from './canaries.js';
import type { Canary } from './canary.js';
import { copyHouse, isCaught, passes } from './plant.js';

/** What came of one canary. */
export interface Verdict {
  readonly name: string;
  /** What is wrong with it or with its test; `undefined` if nothing is. */
  readonly complaint: string | undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'mailslot-canaries-'));
const green = new Set<string>();
copyHouse(folder);

parentPort?.on('message', (name: string | undefined) => {
  const canary = canaries.find((each) => each.name === name);
  if (canary !== undefined) {
    parentPort?.postMessage({ name: canary.name, complaint: complaintOf(canary) } satisfies Verdict);
    return;
  }
  rmSync(folder, { recursive: true, force: true });
  parentPort?.close();
});

/** A canary that cannot be planted is one that failed: the others are tried all the same. */
function complaintOf(canary: Canary): string | undefined {
  try {
    return judge(canary);
  } catch (error) {
    return (error as Error).message;
  }
}

function judge(canary: Canary): string | undefined {
  const run = `${canary.test} ${canary.pattern ?? ''}`;
  if (!green.has(run) && !passes(folder, canary)) return `${run} fails without any defect`;
  green.add(run);
  if (isCaught(folder, canary) === (canary.kind === 'defect')) return undefined;
  return canary.kind === 'defect' ? `${run} does not notice it` : `${run} fails, although nothing is wrong`;
}
