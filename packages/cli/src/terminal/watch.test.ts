import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedBlocks, changedObjects, inPlace } from './watch.js';

test('a frame is drawn over the one before, in one piece, and never wider or higher than the screen', () => {
  const draw = inPlace({ rows: 4, columns: 6 });
  assert.equal(draw('a\nb\n'), '\ra\x1b[K\nb\x1b[K\n\x1b[J');
  assert.equal(draw('c\n'), '\x1b[2A\rc\x1b[K\n\x1b[J');
  assert.equal(draw('1234567\n2\n3\n4\n5\n'), '\x1b[1A\r12345\x1b[K\n2\x1b[K\n3\x1b[K\n\x1b[J');
});

test('a wide character is cut off whole', () => {
  assert.equal(inPlace({ rows: 4, columns: 6 })('漢字漢字\n'), '\r漢字\x1b[K\n\x1b[J');
});

test('a frame follows the size of the screen', () => {
  const screen = { rows: 4, columns: 10 };
  const draw = inPlace(screen);
  screen.columns = 4;
  assert.equal(draw('abcdef\n'), '\rabc\x1b[K\n\x1b[J');
});

test('only a frame that differs is a block', () => {
  const block = changedBlocks();
  assert.equal(block('a\n'), 'a\n');
  assert.equal(block('a\n'), '');
  assert.equal(block('b\n'), '\nb\n');
  assert.equal(block('a\n'), '\na\n');
});

test('only an object that is new, differs or has gone is a line', () => {
  const lines = changedObjects();
  const a = { name: 'a', waiting: 0 };
  const b = { name: 'b', waiting: 0 };
  assert.equal(lines([a, b]), '{"name":"a","waiting":0}\n{"name":"b","waiting":0}\n');
  assert.equal(lines([a, b]), '');
  assert.equal(lines([a, { ...b, waiting: 1 }]), '{"name":"b","waiting":1}\n');
  assert.equal(lines([{ ...b, waiting: 1 }]), '{"name":"a","gone":true}\n');
  assert.equal(lines([]), '{"name":"b","gone":true}\n');
});
