import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteOf } from './note.test.support.js';
import { NOTES_MAX, type Notes, withNews, withOlder } from './notes.js';

const ids = ({ list }: Notes): string => list.map(({ id }) => id).join(' ');
const three: Notes = { list: [noteOf('a', 10), noteOf('b', 20), noteOf('c', 30)], more: true };

test('what comes is put in its place, once', () => {
  assert.equal(ids(withNews(three, [noteOf('d', 40)])), 'a b c d');
  assert.equal(ids(withNews(three, [noteOf('e', 25), noteOf('d', 40)])), 'a b e c d');
  assert.equal(ids(withNews(three, [noteOf('b', 20)])), 'a b c');
  assert.equal(withNews(three, []), three);
});

test('what has changed takes the place of what was', () => {
  const { list } = withNews(three, [noteOf('b', 20, { isRead: true })]);
  assert.deepEqual(
    list.map(({ isRead }) => isRead),
    [false, true, false],
  );
});

test('a change of a note that is older than all that are here is left to those who scroll there', () => {
  assert.equal(ids(withNews(three, [noteOf('z', 5)])), 'a b c');
  assert.equal(ids(withNews({ ...three, more: false }, [noteOf('z', 5)])), 'z a b c');
});

test('older notes come before, without those that are here', () => {
  const notes = withOlder(three, [noteOf('y', 5), noteOf('a', 10)], false);
  assert.equal(ids(notes), 'y a b c');
  assert.equal(notes.more, false);
});

test('the oldest go when there are too many', () => {
  const many = Array.from({ length: NOTES_MAX }, (_, at) => noteOf(`n${at}`, at));
  const notes = withNews({ list: many, more: false }, [noteOf('last', NOTES_MAX)]);
  assert.deepEqual([notes.list.length, notes.list[0]?.id, notes.more], [NOTES_MAX, 'n1', true]);
});
