import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewOf } from './view.js';

test('a view is a Buffer like any other, and no copy', () => {
  const memory = new ArrayBuffer(16);
  const view = viewOf(memory, 4, 5);
  new Uint8Array(memory).set(Buffer.from('whole'), 4);
  assert.deepEqual(view, Buffer.from('whole'));
  assert.ok(Buffer.isBuffer(view));
  assert.equal(view.toString('utf8', 1), 'hole');
  assert.equal(view.subarray(1, 3).toString(), 'ho');
  assert.equal(view.buffer, memory);
});

test('a view may be empty, at the very end too', () => {
  assert.deepEqual(viewOf(new ArrayBuffer(8), 8, 0), Buffer.alloc(0));
});
