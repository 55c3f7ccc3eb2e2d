import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnsOf } from '../terminal/width.js';
import { Line } from './line.js';

test('what is typed stands where the cursor is', () => {
  const line = new Line();
  line.insert('helo');
  line.move('left');
  line.insert('l');
  assert.equal(line.text, 'hello');
  assert.deepEqual(line.view(80), { text: 'hello', cursor: 4 });
  line.move('start');
  line.cut('right');
  assert.equal(line.text, 'ello');
  line.cut('end');
  assert.equal(line.text, '');
});

test('what a person sees as one character is moved over and cut as one', () => {
  for (const one of ['é', 'e\u0301', '👩\u200d👩\u200d👧', '🇩🇪', '👍🏽', '한']) {
    const line = new Line();
    line.insert(`a${one}b`);
    line.move('left');
    line.move('left');
    line.insert('|');
    assert.equal(line.text, `a|${one}b`);
    line.cut('right');
    assert.equal(line.text, 'a|b');
    line.insert(one);
    line.cut('left');
    assert.equal(line.text, 'a|b');
  }
});

test('words are jumped over and cut', () => {
  const line = new Line();
  line.insert('one two, three');
  line.cut('word-left');
  assert.equal(line.text, 'one two, ');
  line.move('word-left');
  line.insert('(');
  line.move('start');
  line.move('word-right');
  line.insert('|');
  assert.equal(line.text, 'one (|two, ');
});

test('what was sent before can be had back, and what was begun is not lost', () => {
  const line = new Line();
  for (const text of ['first', 'second']) {
    line.insert(text);
    assert.equal(line.take(), text);
  }
  line.insert('begun');
  line.recall(-1);
  assert.equal(line.text, 'second');
  line.recall(-1);
  line.recall(-1);
  assert.equal(line.text, 'first');
  line.recall(1);
  line.recall(1);
  line.recall(1);
  assert.equal(line.text, 'begun');
});

test('more than a message may have is not taken', () => {
  const line = new Line();
  assert.equal(line.insert('x'.repeat(60_000)), true);
  assert.equal(line.insert('y'), false);
  assert.equal(line.text.length, 60_000);
});

test('controls and line breaks are drawn as one character each', () => {
  const line = new Line();
  line.insert('a\nb\x1b[2J\u202e\tc');
  assert.equal(line.view(80).text, 'a⏎b·[2J··c');
});

test('whatever is in it, it fits on the screen, with the cursor', () => {
  const steps = ['left', 'right', 'start', 'end', 'word-left', 'word-right'] as const;
  const typed = fc.record({ text: fc.string({ unit: 'binary' }), move: fc.constantFrom(...steps) });
  fc.assert(
    fc.property(fc.array(typed), fc.integer({ min: 1, max: 40 }), (all, columns) => {
      const line = new Line();
      for (const { text, move } of all) {
        line.insert(text);
        line.move(move);
      }
      const { text, cursor } = line.view(columns);
      assert.ok(columnsOf(text) <= Math.max(1, columns - 1));
      assert.ok(cursor <= columnsOf(text));
      assert.match(text, /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u);
    }),
  );
});
