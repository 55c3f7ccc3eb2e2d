import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf } from './width.js';

for (const [text, columns] of [
  ['', 0],
  ['hello', 5],
  ['Grüße', 5],
  ['e\u0301', 1],
  ['漢字', 4],
  ['한국', 4],
  ['\u1112\u1161\u11ab', 2],
  ['ｶﾅ', 2],
  ['Ａ', 2],
  ['🎉', 2],
  ['❤', 1],
  ['עברית', 5],
  ['नि', 2],
] as const) {
  test(`${JSON.stringify(text)} takes ${columns} columns`, () => {
    assert.equal(columnsOf(text), columns);
  });
}
