// `npm run isolation -- [PART…] [--json]`: runs the tests, the examples and the snippets of the docs (files whose path
// holds one of the PARTs, else all) on a computer whose network card counts what leaves by it, and ends with 1 if
// something did. Needs root and Linux.
import { parseArgs } from 'node:util';
import { makeScene } from '../harness/scene.js';
import { missingOf } from '../support/needs.js';
import { Card } from './card.js';
import { allFiles } from './files.js';

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const missing = missingOf(['ip', 'root']);
if (missing.length > 0) {
  console.error(`could not run: needs ${missing.join(', ')}`);
  process.exit(1);
}
const files = allFiles().filter(
  (file) => positionals.length === 0 || positionals.some((part) => file.includes(part)),
);
const { scene, clear } = makeScene();
let speaking = 0;
try {
  const card = new Card(scene);
  for (const file of files) {
    const { sent, code } = card.run(file);
    if (sent > 0) speaking += 1;
    // Of a group that was joined the system tells the network again within ten seconds: look at the file before as well.
    // That a test fails is not what is asked here, but it may have kept something from being sent.
    const note = code === 0 ? '' : `  (its tests ended with ${code ?? 'no end'})`;
    console.log(
      values.json
        ? JSON.stringify({ file, sent, code })
        : `${sent === 0 ? 'ok' : 'SENT'} ${sent} ${file}${note}`,
    );
  }
} finally {
  await clear();
}
console.error(`${files.length} files, ${speaking} sent something`);
process.exitCode = speaking === 0 && files.length > 0 ? 0 : 1;
