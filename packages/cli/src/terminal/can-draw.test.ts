import assert from 'node:assert/strict';
import { test } from 'node:test';
import { obeysEscapes } from './can-draw.js';

test('only a terminal that says what it is gets escapes, but on Windows, where none does', () => {
  for (const term of [undefined, '', 'dumb']) assert.equal(obeysEscapes(term, 'linux'), false, term);
  assert.equal(obeysEscapes('xterm-256color', 'linux'), true);
  assert.equal(obeysEscapes(undefined, 'win32'), true);
  assert.equal(obeysEscapes('dumb', 'win32'), false);
});
