import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageNote } from './api.js';
import { noteOf } from './note.test.support.js';
import { rowsOf } from './rows.js';

const noon = new Date(2027, 2, 4, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** `day`, `head` for a note under a head of its own, `+` for one that follows. */
function shapes(notes: readonly PageNote[]): string {
  return rowsOf(notes)
    .map((row) => (row.kind === 'day' ? 'day' : row.isFollowing ? '+' : 'head'))
    .join(' ');
}

test('each day has a head, and what is said within minutes stands together', () => {
  assert.equal(shapes([]), '');
  assert.equal(
    shapes([noteOf('a', noon), noteOf('b', noon + MINUTE), noteOf('c', noon + 9 * MINUTE)]),
    'day head + head',
  );
  assert.equal(
    shapes([noteOf('a', noon), noteOf('b', noon + DAY), noteOf('c', noon + DAY + 1)]),
    'day head day head +',
  );
});

test('another sender, another computer, another level is another head', () => {
  const others = [
    { from: 'EVE' },
    { computer: 'CHARLIE' },
    { authenticated: false },
    { level: 'alert' as const },
    { isOwn: true },
  ];
  for (const parts of others)
    assert.equal(shapes([noteOf('a', noon), noteOf('b', noon, parts)]), 'day head head');
});

test('midnight is a new day, after a day with 23 or 25 hours too', () => {
  const midnight = new Date(2027, 2, 5).getTime();
  assert.equal(shapes([noteOf('a', midnight - 1), noteOf('b', midnight)]), 'day head day head');
  for (const [month, day] of [
    [2, 28],
    [9, 31],
  ] as const) {
    const [start, end] = [new Date(2027, month, day).getTime(), new Date(2027, month, day + 1).getTime()];
    assert.equal(
      shapes([noteOf('a', start), noteOf('b', end - 1), noteOf('c', end)]),
      'day head head day head',
    );
  }
});

test('every row has a key of its own', () => {
  const keys = rowsOf([noteOf('a', noon), noteOf('b', noon - DAY), noteOf('c', noon)]).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});
