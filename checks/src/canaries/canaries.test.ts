import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRepo } from '../support/repo.js';
import { canaries } from './canaries.js';

test('every canary can be planted: its text stands in its file once, and its test is there', () => {
  const wrong = canaries.filter(({ file, find, test: named }) => {
    return readFileSync(inRepo(file), 'utf8').split(find).length !== 2 || !existsSync(inRepo(named));
  });
  assert.deepEqual(
    wrong.map(({ name, file }) => `${name}: ${file}`),
    [],
  );
});

test('no two canaries have one name', () => {
  assert.equal(new Set(canaries.map(({ name }) => name)).size, canaries.length);
});
