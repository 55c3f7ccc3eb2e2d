import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runNode } from '../../support/program.js';

test('ten thousand random calls do what the model says', () => {
  const { code, stdout } = runNode([
    'checks/dist/fuzz/main.js',
    '--target',
    'api',
    '--runs',
    '100',
    '--seed',
    '1',
  ]);
  assert.equal(code, 0, stdout);
  assert.deepEqual(JSON.parse(stdout).runs, 100);
});
