import assert from 'node:assert/strict';
import { once } from 'node:events';
import { emitKeypressEvents, type Key } from 'node:readline';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { Keys, type Wish } from './keys.js';
import { Line } from './line.js';

/** What these bytes of a terminal do. */
async function typed(input: string): Promise<{ text: string; wishes: Wish[] }> {
  const line = new Line();
  const keys = new Keys(line);
  const wishes: Wish[] = [];
  const stream = new PassThrough();
  emitKeypressEvents(stream);
  stream.on('keypress', (text: string | undefined, key: Key) => {
    const wish = keys.press(text, key);
    if (wish !== undefined) wishes.push(wish);
  });
  stream.end(input);
  await once(stream, 'end');
  return { text: line.text, wishes };
}

test('text is taken, keys that edit edit', async () => {
  assert.deepEqual(await typed('héllo 漢字🎉'), { text: 'héllo 漢字🎉', wishes: [] });
  assert.equal((await typed('bc\x1b[Ha\x1b[Fd')).text, 'abcd');
  assert.equal((await typed('abc\x7f\x1b[D\x1b[3~')).text, 'a');
  assert.equal((await typed('one two\x17\x01\x0bx')).text, 'x');
  assert.equal((await typed('one two\x1bb-\x1bf+\x02\x06\x05!')).text, 'one -two+!');
  assert.equal((await typed('a\tb')).text, 'a b');
});

test('keys that ask for something else say so', async () => {
  assert.deepEqual((await typed('\r')).wishes, ['send']);
  assert.deepEqual((await typed('\x03\x04\x1a\x0c')).wishes, ['end', 'end', 'suspend', 'redraw']);
  assert.deepEqual(await typed('ab\x01\x04'), { text: 'b', wishes: [] });
  assert.deepEqual((await typed('a'.repeat(60_001))).wishes, ['refuse']);
});

test('keys without a meaning here do nothing', async () => {
  assert.deepEqual(await typed('\x1bOP\x1b[5~\x1b[1;5A\x00\x07\x1bx'), { text: '', wishes: [] });
});

test('a paste is one insertion, and none of its characters is obeyed', async () => {
  const paste = 'one\r\ntwo\rthree\x03\x04\x1a\x7f\x1b[D\tend';
  const { text, wishes } = await typed(`<\x1b[200~${paste}\x1b[201~>`);
  assert.deepEqual(wishes, []);
  assert.equal(text, '<one\ntwo\nthree[D\tend>');
});
