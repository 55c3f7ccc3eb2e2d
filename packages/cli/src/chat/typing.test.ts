import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Keys, type Wish } from './keys.js';
import { Line } from './line.js';
import { Typing } from './typing.js';

/** Counts the keys that it is told of. */
class Counted extends Keys {
  pressed = 0;

  override press(...key: Parameters<Keys['press']>): Wish {
    this.pressed += 1;
    return super.press(...key);
  }
}

function typed(...chunks: readonly string[]): { text: string; wishes: Wish[]; pressed: number } {
  const line = new Line();
  const keys = new Counted(line);
  const wishes: Wish[] = [];
  const typing = new Typing(keys, (wish) => wish !== undefined && wishes.push(wish));
  for (const chunk of chunks) typing.feed(chunk);
  return { text: line.text, wishes, pressed: keys.pressed };
}

const LONG = 'x'.repeat(1_000_000);

test('a megabyte is no megabyte of keys, pasted or not, and Ctrl-C is heard behind it', () => {
  const pasted = typed(`\x1b[200~${LONG}`, LONG, '\x1b[201~\x03');
  assert.deepEqual([pasted.text, pasted.wishes], ['', ['refuse', 'end']]);
  assert.ok(pasted.pressed < 10, `${pasted.pressed} keys`);

  const unmarked = typed(LONG, `${LONG}\x03`);
  assert.deepEqual(unmarked.wishes, ['refuse', 'refuse', 'end']);
  assert.ok(unmarked.pressed < 10, `${unmarked.pressed} keys`);
});

test('what is short enough is taken, whatever its form', () => {
  const text = 'a line that is longer than anything a key sends, with 漢字 and 🎉';
  assert.equal(typed(text).text, text);
  assert.equal(typed(`\x1b[200~${text}\x1b[201~!`).text, `${text}!`);
  assert.deepEqual(typed(`${text}\r${text}\r`).wishes, ['send', 'send']);
});

test('where a paste is cut does not matter', () => {
  const all = '<\x1b[200~one\r\ntwo\x1b[D\x03 and \x1b[20 a long end of it, longer than keys\x1b[201~>';
  const whole = typed(all);
  assert.equal(whole.text, '<one\ntwo[D and [20 a long end of it, longer than keys>');
  fc.assert(
    fc.property(fc.array(fc.nat(all.length)), (cuts) => {
      const places = [0, ...cuts.sort((one, other) => one - other), all.length];
      const chunks = places.slice(1).map((end, at) => all.slice(places[at], end));
      assert.equal(typed(...chunks).text, whole.text);
    }),
  );
});
