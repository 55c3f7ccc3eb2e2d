import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as limits from './limits.js';
import { INFO, SYNC } from './msfs/wire/frames.js';

/*
 * What the code takes for granted of one bound when it uses another.
 */

test('a length is never a request', () => {
  assert.ok(limits.MAX_FRAME_BODY < Math.min(SYNC, INFO));
});

test('a small message fits into a block of the client, and into what a slab has left, with its length', () => {
  assert.ok(limits.LARGE_BODY + 4 <= limits.FIRST_BLOCK);
  assert.ok(limits.FIRST_BLOCK <= limits.OUTBOX_BLOCK);
  assert.ok(limits.LARGE_BODY + 4 <= limits.SLAB_REST);
  assert.ok(limits.SLAB_REST < limits.SLAB);
});

test('reads of the shared buffer can make a connection busy', () => {
  assert.ok(limits.BUSY_READ <= limits.SCRATCH);
  assert.ok(limits.HEADER_WINDOW >= 4 && limits.HEADER_WINDOW < limits.BUSY_READ);
});

test('the longest name, three bytes a unit, fits into a greeting and into an answer', () => {
  const bytes = 3 * limits.MAX_PATH_UNITS;
  assert.ok(28 + bytes <= limits.MAX_CONTROL_BYTES);
  assert.ok(8 + 108 + bytes <= limits.MAX_CONTROL_BYTES);
});

test('the longest name is the one of Windows', () => {
  assert.equal(limits.MAX_PATH_UNITS, 32_749);
});

test('the default queue holds several messages of the default limit', () => {
  assert.ok(4 * (limits.DEFAULT_MESSAGE_LIMIT + limits.MESSAGE_OVERHEAD) <= limits.DEFAULT_QUEUE_BYTES);
});
