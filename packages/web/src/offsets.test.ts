import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Offsets } from './offsets.js';

test('rows are where those above end, as guessed or measured', () => {
  const offsets = new Offsets(10);
  offsets.setKeys(['a', 'b', 'c']);
  assert.equal(offsets.total, 30);
  assert.ok(offsets.measure(1, 25));
  assert.ok(!offsets.measure(1, 25));
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => offsets.start(index)),
    [0, 10, 35, 45],
  );
  assert.deepEqual(
    [-5, 0, 9, 10, 34, 35, 44, 99].map((at) => offsets.at(at)),
    [0, 0, 0, 1, 1, 2, 2, 2],
  );
});

test('what was measured stays with its row when others come before it', () => {
  const offsets = new Offsets(10);
  offsets.setKeys(['a', 'b']);
  offsets.measure(0, 50);
  offsets.setKeys(['y', 'z', 'a', 'b']);
  assert.deepEqual([offsets.start(2), offsets.start(3)], [20, 70]);
  offsets.forget();
  assert.equal(offsets.total, 40);
});

test('nothing is nowhere', () => {
  const offsets = new Offsets(10);
  offsets.setKeys([]);
  assert.deepEqual([offsets.total, offsets.at(0), offsets.at(100)], [0, 0, 0]);
});
