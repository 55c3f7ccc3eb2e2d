// `npm run canaries [-- PART OF A NAME]`: plants every defect of the registry in a copy of the built packages and
// demands that the test named for it turns red, and that it is green without the defect. As many are tried at once as
// there are processors, each in a copy of its own.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { canaries } from './canaries.js';
import type { Verdict } from './worker.js';

const [wanted = ''] = process.argv.slice(2);
const waiting = canaries.filter(({ name }) => name.includes(wanted)).map(({ name }) => name);
const total = waiting.length;
let failed = 0;

await Promise.all(Array.from({ length: Math.min(availableParallelism(), total) }, tryThem));
console.log(`${total - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 && total > 0 ? 0 : 1;

/** Has a worker try one after the other, until none waits. */
function tryThem(): Promise<void> {
  const worker = new Worker(new URL('worker.js', import.meta.url));
  const next = (): void => worker.postMessage(waiting.shift());
  worker.on('message', ({ name, complaint }: Verdict) => {
    if (complaint !== undefined) failed++;
    console.log(complaint === undefined ? `ok      ${name}` : `FAILED  ${name}: ${complaint}`);
    next();
  });
  next();
  return new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
}
