import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder, writeFiles } from '../support/folder.js';
import type { Canary } from './canary.js';
import { isCaught, runIn } from './plant.js';

const files = {
  'package.json': { type: 'module' },
  'sum.js': 'export const sum = (a, b) => a + b; // plus',
  'sum.test.js': `
    import { strictEqual } from 'node:assert';
    import { test } from 'node:test';
    import { sum } from './sum.js';
    test('adds', () => strictEqual(sum(2, 3), 5));
    test('adds nothing', () => strictEqual(sum(2, 0), 2));`,
};

const defect: Canary = {
  name: 'subtracts',
  kind: 'defect',
  file: 'sum.js',
  find: 'a + b',
  replace: 'a - b',
  test: 'sum.test.js',
};

test('a defect is caught by the tests that can see it, and taken out again', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, files);
  assert.equal((await runIn(folder, defect)).passed, true);
  assert.equal(await isCaught(folder, defect), true);
  assert.equal(await isCaught(folder, { ...defect, pattern: '^adds$' }), true);
  assert.equal(await isCaught(folder, { ...defect, pattern: '^adds nothing$' }), false);
  assert.equal(readFileSync(join(folder, 'sum.js'), 'utf8'), files['sum.js']);
});

test('a harmless change is not caught', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, files);
  assert.equal(
    await isCaught(folder, { ...defect, kind: 'harmless', find: '// plus', replace: '// and' }),
    false,
  );
});

test('a change that cannot be planted, or is no program, is an error', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, files);
  await assert.rejects(isCaught(folder, { ...defect, find: 'nowhere' }), /stands 0 times/);
  await assert.rejects(isCaught(folder, { ...defect, find: 'a' }), /stands \d times/);
  await assert.rejects(isCaught(folder, { ...defect, replace: 'a +' }), /does not even parse/);
  assert.equal((await runIn(folder, defect)).passed, true);
});

test('a test that cannot be run here says so; one that nothing is asked of does not', async (t) => {
  const folder = temporaryFolder(t);
  const skipping = `
    import { test } from 'node:test';
    test('adds', { skip: 'needs root' }, () => {});
    test('runs', () => {});`;
  writeFiles(folder, { ...files, 'sum.test.js': skipping });
  const skipped = async (pattern?: string) =>
    (await runIn(folder, { ...defect, ...(pattern && { pattern }) })).skipped;
  assert.deepEqual(
    [await skipped('^adds$'), await skipped('^runs$'), await skipped('^none$'), await skipped()],
    ['needs root', undefined, undefined, undefined],
  );
});
