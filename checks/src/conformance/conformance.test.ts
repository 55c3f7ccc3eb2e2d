import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runNode } from '../support/program.js';
import { inRepo } from '../support/repo.js';
import { PAGE, pageOf } from './page.js';
import { CASES, GROUPS, runSuite } from './suite.js';

/** How many cases each source has. */
const COUNTS = { K: 139, F: 6, L: 10, Q: 10, R: 6, D: 18 };

const main = inRepo('checks/dist/conformance/main.js');
const verdicts = runSuite(GROUPS);

test('every case is as it is marked, in every form', async () => {
  assert.deepEqual(
    (await verdicts).filter(({ state }) => state === 'fails'),
    [],
  );
});

test('the page is what would be made of the cases now', async () => {
  assert.equal(readFileSync(inRepo(PAGE), 'utf8'), pageOf(await verdicts));
});

test('nothing of the list is left out or there twice', () => {
  const numbers = Object.entries(COUNTS).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  );
  const decisions = Array.from({ length: 9 }, (_, index) => `F-${index + 1}`);
  assert.deepEqual(
    [...numbers, ...decisions].filter((id) => !CASES.has(id)),
    [],
  );
  assert.equal(
    CASES.size,
    GROUPS.reduce((sum, { cases }) => sum + Object.keys(cases).length, 0),
  );
});

test('the command tells of one case, one object a line', () => {
  const { code, stdout } = runNode([main, '--json', '--case', 'K20', '--case', 'K21']);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  assert.deepEqual(lines[0], { case: 'K20', state: 'holds' });
  assert.equal((lines[1] as { state: string }).state, 'differs');
  assert.deepEqual([lines.length, code], [2, 0]);
});

test('the command refuses what it does not know', () => {
  const { code, stderr } = runNode([main, '--case', 'K140']);
  assert.equal(code, 2);
  assert.match(stderr, /no case K140\nusage: /);
});
