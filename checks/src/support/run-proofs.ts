import { readdirSync } from 'node:fs';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROOF_FILE = '.test.js';

/** The proofs of one check, by its name; of those the ones whose file's name holds one of `names`, if there are any. */
export function proofsOf(check: string, names: readonly string[] = []): string[] {
  const folder = fileURLToPath(new URL(`../${check}/`, import.meta.url));
  const isAsked = (file: string): boolean => names.length === 0 || names.some((name) => file.includes(name));
  return readdirSync(folder)
    .filter((file) => file.endsWith(PROOF_FILE) && isAsked(file))
    .sort()
    .map((file) => folder + file);
}

/**
 * Runs proofs one at a time, since what is measured should not be the noise of the others, and prints one line of JSON
 * each: what it measured, or of a test that measures nothing that it passed. Whether all were shown; none is not.
 */
export async function runProofs(files: string[]): Promise<boolean> {
  let shown = 0;
  let notShown = 0;
  /** What has passed; what it measured is told behind it, if it is. */
  let passed: string | undefined;
  const show = (line: string): void => {
    shown += 1;
    passed = undefined;
    console.log(line);
  };
  for await (const { type, data } of run({ files, concurrency: 1 })) {
    if (type === 'test:diagnostic' && data.message.startsWith('{"proof"')) show(data.message);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (passed !== undefined) show(lineOf(passed, true));
    const skipped = type === 'test:pass' && data.skip !== undefined;
    if (type === 'test:pass' && !skipped && data.nesting === 0) passed = data.name;
    if (!skipped && type !== 'test:fail') continue;
    notShown += 1;
    const reason =
      type === 'test:fail'
        ? { error: data.details.error.cause ?? data.details.error }
        : { skipped: data.skip };
    console.log(lineOf(data.name, false, reason));
  }
  if (passed !== undefined) show(lineOf(passed, true));
  console.error(`${shown} shown, ${notShown} not`);
  return shown > 0 && notShown === 0;
}

function lineOf(proof: string, ok: boolean, more: object = {}): string {
  return JSON.stringify({ proof, ok, ...more }, asText);
}

function asText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}
