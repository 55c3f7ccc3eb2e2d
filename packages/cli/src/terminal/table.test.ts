import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable } from './table.js';

test('columns are as wide as their widest cell', () => {
  const rows = [
    ['NAME', 'PID', 'ACCESS'],
    ['grün', '12', 'owner'],
    ['a/b/c', '12345', ''],
  ];
  assert.equal(
    formatTable(rows, ['left', 'right', 'left']),
    ['NAME     PID  ACCESS\n', 'grün      12  owner\n', 'a/b/c  12345\n'].join(''),
  );
});

test('a column is as wide as a terminal draws it', () => {
  assert.equal(
    formatTable(
      [
        ['👍', 'x'],
        ['漢字', 'x'],
        ['e\u0301', 'x'],
        ['ab', 'y'],
      ],
      ['left', 'left'],
    ),
    '👍    x\n漢字  x\ne\u0301     x\nab    y\n',
  );
});
