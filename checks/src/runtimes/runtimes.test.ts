import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder, writeFiles } from '../support/folder.js';
import { inRepo } from '../support/repo.js';
import { complaintsAbout } from './judge.js';
import { outcomesIn } from './junit.js';
import { nodeTestArgs, RUNTIMES } from './pinned.js';
import { type FileOutcome, runFile } from './run-file.js';
import { type RuntimeOutcome, summed, testFiles } from './run-runtime.js';
import { rowsIn, withTable } from './table.js';

const MINUTE_MS = 60_000;
const names = RUNTIMES.map(({ name }) => name);

test('the table of the README has a row for each runtime', () => {
  assert.deepEqual(rowsIn(readFileSync(inRepo('README.md'), 'utf8')), names);
});

test('the table says what fails, and why', () => {
  const page = 'A\n<!-- runtimes -->\nold\n<!-- runtimes -->\nB\n';
  const bun = outcomeOf('bun 1.0.0', { 'a.test.js: x': 'Error: no', 'b.test.js': 'late' });
  const known = [{ runtime: 'bun 1.0.0', test: 'b.test.js', reason: 'has no c' }];
  const table = withTable(page, [outcomeOf('node 1.0.0', {}), bun], known);
  assert.match(table, /^A\n.*\n\n\| runtime .*\n.*\n\| Node 1\.0\.0 \| all pass \|\n\| Bun 1\.0\.0 /);
  assert.match(
    table,
    /all pass but \*a\.test\.js: x\* \(Error: no\), \*b\.test\.js\* \(has no c\) \|\n\n.*\nB\n$/,
  );
  assert.deepEqual(rowsIn(table), ['node 1.0.0', 'bun 1.0.0']);
  assert.throws(() => withTable('no markers', [], []), /must stand twice/);
});

test('the tests of the packages are found, and run on every Node', () => {
  const files = testFiles(['mailslot', 'nats', 'cli']);
  for (const file of ['mailslot/msfs/process.test.js', 'nats/sieve.test.js', 'cli/popups/popups.test.js'])
    assert.ok(files.includes(file), file);
  for (const { name, packages } of RUNTIMES)
    assert.deepEqual(packages, name.startsWith('node') ? ['mailslot', 'nats', 'cli'] : ['mailslot'], name);
});

test('a failure is excused only where it is known, and a known one must fail', () => {
  const outcomes = [outcomeOf('node 1', { x: 'no' }), outcomeOf('bun 1', { x: 'no', y: 'no' })];
  const known = ['x', 'y', 'z'].map((each) => ({ runtime: 'bun 1', test: each, reason: 'r' }));
  assert.deepEqual(complaintsAbout(outcomes, known), [
    'node 1: x: no',
    'bun 1: z: is known to fail, and did not',
  ]);
  assert.deepEqual(complaintsAbout(outcomes.slice(1), known.slice(0, 2)), []);
});

test('a runtime that leaves tests out does not pass', () => {
  const three = ['a', 'b', 'c'].map((name) => ({ name, error: undefined, skipped: false }));
  const all = summed('node 1', [['x.test.js', { tests: three, error: undefined }]]);
  const fewer = summed('bun 1', [['x.test.js', { tests: three.slice(1), error: undefined }]]);
  assert.deepEqual(complaintsAbout([all, fewer], []), ['bun 1: x.test.js: reported 2 tests of 3']);
});

test('a test that fails is found, one that is skipped has not passed', async (t) => {
  const outcome = await outcomeOfFile(
    t,
    `test('good', () => {}); test('"bad"', () => { throw new Error('1 > "0"'); }); test('left out', { skip: true }, () => {});`,
  );
  const { passed, failed, failures } = summed('node', [['x.test.js', outcome]]);
  assert.deepEqual([passed, failed], [1, 1]);
  assert.deepEqual(failures, [{ test: 'x.test.js: "bad"', error: '1 > "0"' }]);
});

test('a file that cannot be loaded, holds no test, or does not end is a failure', async (t) => {
  for (const broken of [`import './no-such-file.js';`, `process.exit(0);`]) {
    const { failed } = summed('node', [['x.test.js', await outcomeOfFile(t, broken)]]);
    assert.equal(failed, 1, broken);
  }
  const endless = await outcomeOfFile(
    t,
    `test('a', () => new Promise(() => setInterval(() => {}, 9)));`,
    1000,
  );
  assert.deepEqual(endless, { tests: [], error: 'did not end within 1 s' });
});

test('a report is read as Bun and Deno write it', () => {
  const bun = `<testcase name="a &gt; b&#10;c" line="1" />
    <testcase name="d" file="f"><failure type="E" message="why">E: why&#10; at f</failure></testcase>
    <testcase name="e"><skipped /></testcase>`;
  assert.deepEqual(outcomesIn(bun), [
    { name: 'a > b\nc', error: undefined, skipped: false },
    { name: 'd', error: 'why', skipped: false },
    { name: 'e', error: undefined, skipped: true },
  ]);
  const deno = `<testcase name="a" col="1">\n</testcase>
    <testcase name="b">\n<failure message="Uncaught Error: no&#10;more">at</failure>\n</testcase>`;
  assert.deepEqual(
    outcomesIn(deno).map(({ error }) => error),
    [undefined, 'Uncaught Error: no'],
  );
});

function outcomeOf(runtime: string, failing: Readonly<Record<string, string>>): RuntimeOutcome {
  const failures = Object.entries(failing).map(([name, error]) => ({ test: name, error }));
  return { runtime, passed: 1, failed: failures.length, failures, counts: new Map() };
}

async function outcomeOfFile(t: TestContext, text: string, timeLimitMs = MINUTE_MS): Promise<FileOutcome> {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'x.test.mjs': `import { test } from 'node:test';\n${text}\n` });
  return runFile(process.execPath, nodeTestArgs, join(folder, 'x.test.mjs'), timeLimitMs);
}
