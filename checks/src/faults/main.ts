// `node checks/dist/faults/main.js [NAME…] [SIZE=NUMBER…]`: the proofs with real processes at their full size (those
// whose file's name holds one of the NAMEs), one line of JSON each. Ends with 0 if all were shown.
import { readdirSync } from 'node:fs';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SIZES_VARIABLE } from './sizes.js';

const PROOF_FILE = '.test.js';

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.includes('='));
process.env[SIZES_VARIABLE] = ['full', ...args.filter((arg) => arg.includes('='))].join(',');

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(folder)
  .filter(
    (file) =>
      file.endsWith(PROOF_FILE) && names.every((name) => !file.includes(name)) === (names.length === 0),
  )
  .sort()
  .map((file) => folder + file);

let shown = 0;
let notShown = 0;

// One at a time: what is measured should not be the noise of the others.
for await (const { type, data } of run({ files, concurrency: 1 })) {
  if (type === 'test:diagnostic' && data.message.startsWith('{"proof"')) {
    shown += 1;
    console.log(data.message);
  }
  const skipped = type === 'test:pass' && data.skip !== undefined;
  if (!skipped && type !== 'test:fail') continue;
  notShown += 1;
  const reason =
    type === 'test:fail' ? { error: data.details.error.cause ?? data.details.error } : { skipped: data.skip };
  console.log(JSON.stringify({ proof: data.name, ok: false, ...reason }, asText));
}

console.error(`${shown} shown, ${notShown} not`);
process.exitCode = shown > 0 && notShown === 0 ? 0 : 1;

function asText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}
