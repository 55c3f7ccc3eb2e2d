import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, medianRatio, quantile } from './statistics.js';

test('the median lies in the middle, whatever the order', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test('a quantile lies between the values beside it', () => {
  const hundred = Array.from({ length: 101 }, (_, value) => value);
  assert.equal(quantile(hundred, 0.99), 99);
  assert.equal(quantile([0, 10], 0.25), 2.5);
});

test('a ratio is taken within each round, so that a slow round does not count', () => {
  assert.equal(medianRatio([10, 1, 12], [20, 2, 20]), 0.5);
});
