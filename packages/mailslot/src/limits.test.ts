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

test('a message for people fits into a packet, with its text and the longest names', () => {
  assert.ok(limits.MAX_NOTE_BYTES <= limits.MAX_PACKET_MESSAGE);
  assert.ok(
    limits.MAX_NOTE_TEXT + 3 * 3 * limits.MAX_MESSENGER_NAME + 3 * limits.MAX_HOST_UNITS <=
      limits.MAX_NOTE_BYTES,
  );
});

test('the longest line of a history is read at once, whatever it says', () => {
  assert.ok(6 * limits.MAX_NOTE_TEXT + 16_384 <= limits.HISTORY_LINE);
  assert.ok(limits.HISTORY_LINE < limits.HISTORY_READ);
  assert.ok(19 * limits.HISTORY_READ_IDS < limits.HISTORY_LINE);
});
