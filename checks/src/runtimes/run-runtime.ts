import { readdirSync } from 'node:fs';
import { inRepo } from '../support/repo.js';
import { binaryOf } from './install.js';
import type { Runtime } from './pinned.js';
import { type FileOutcome, runFile } from './run-file.js';

/** What came of the tests on one runtime. */
export interface RuntimeOutcome {
  readonly runtime: string;
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
  /** How many tests each file has, for comparison; a file that did not come to its end is not in it. */
  readonly counts: ReadonlyMap<string, number>;
  /** What it cannot do at all, whose tests were left out. */
  readonly lacks?: string | undefined;
}

interface Failure {
  /** `mailslot/ports/clock.test.js: an alarm rings`, or the file alone if it failed as a whole. */
  readonly test: string;
  /** The first line of the error. */
  readonly error: string;
}

const AT_ONCE = 2;
const FILE_MS = 180_000;
const RUNTIME_MS = 15 * 60_000;

/** Those of these packages, as `mailslot/ports/clock.test.js`: each by its source, so that one that was not emitted is missed. */
export function testFiles(packages: readonly string[]): string[] {
  return packages.flatMap((name) =>
    readdirSync(inRepo('packages', name, 'src'), { recursive: true })
      .map((path) => String(path).replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => `${name}/${path.replace(/ts$/, 'js')}`)
      .sort(),
  );
}

export async function runRuntime(runtime: Runtime): Promise<RuntimeOutcome> {
  const rooms = runtime.lacks?.rooms ?? [];
  const all = testFiles(runtime.packages);
  const files = all.filter((file) => !rooms.some((room) => file.startsWith(`mailslot/${room}/`)));
  const binary = binaryOf(runtime);
  const deadline = performance.now() + RUNTIME_MS;
  const outcomes = new Map<string, FileOutcome>();
  const waiting = files.values();
  const work = async (): Promise<void> => {
    for (const file of waiting) {
      const timeLimitMs = Math.min(FILE_MS, Math.max(0, deadline - performance.now()));
      const path = inRepo('packages', file.replace('/', '/dist/'));
      outcomes.set(file, await runFile(binary, runtime.testArgs, path, timeLimitMs));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const outcome = summed(
    runtime.name,
    files.map((file) => [file, outcomes.get(file)!]),
  );
  return { ...outcome, lacks: runtime.lacks?.reason };
}

/** The outcomes of the files, as one. */
export function summed(
  runtime: string,
  files: readonly (readonly [file: string, FileOutcome])[],
): RuntimeOutcome {
  const failures = files.flatMap(([file, { tests, error }]) => [
    ...(error === undefined ? [] : [{ test: file, error }]),
    ...tests.flatMap((test) =>
      test.error === undefined ? [] : [{ test: `${file}: ${test.name}`, error: test.error }],
    ),
  ]);
  const tests = files.flatMap(([, outcome]) => outcome.tests);
  const passed = tests.filter(({ error, skipped }) => error === undefined && !skipped).length;
  const counts = files
    .filter(([, { tests: own }]) => own.length > 0)
    .map(([file, { tests: own }]) => [file, own.length] as const);
  return { runtime, passed, failed: failures.length, failures, counts: new Map(counts) };
}
