import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chargeOf, MessageQueue, type Run } from './queue.js';
import { Refusals } from './refusals.js';
import { Scan } from './scan.js';

const sender = { via: 'local', authenticated: true, pid: 7 } as const;

/** Bytes as a connection brings them: each text with its length in front, after some that are read already. */
function framed(texts: readonly string[], before = 0): Buffer {
  const parts = texts.map((text) => {
    const frame = Buffer.alloc(4 + Buffer.byteLength(text));
    frame.writeUInt32LE(frame.length - 4);
    frame.write(text, 4);
    return frame;
  });
  return Buffer.concat([Buffer.alloc(before, 0xff), ...parts]);
}

function runOf(texts: readonly string[]): { run: Run; charge: number } {
  const bytes = framed(texts, 3);
  const run = { bytes, at: 3, end: bytes.length, count: texts.length, sender };
  return { run, charge: texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 64, 0) };
}

test('runs of one sender that lie one behind the other are one, and still in order with others', () => {
  const queue = new MessageQueue(10_000);
  const { bytes, end } = runOf(['ab', 'cde', 'f']).run;
  const other = { ...sender, pid: 8 };
  queue.push({ bytes, at: 3, end: 9, count: 1, sender }, 66);
  queue.push({ bytes, at: 9, end: 16, count: 1, sender }, 67);
  queue.push(runOf(['between']).run, 71);
  queue.push({ bytes, at: 16, end, count: 1, sender: other }, 65);
  const messages = Array.from({ length: 4 }, () => queue.take());
  assert.deepEqual(
    messages.map((message) => [message?.text(), message?.sender.pid]),
    [
      ['ab', 7],
      ['cde', 7],
      ['between', 7],
      ['f', 8],
    ],
  );
  assert.deepEqual([queue.count, queue.used], [0, 0]);
});

const CAPACITY = 700;

interface Model {
  texts: string[];
  reserved: number;
}

const usedBy = ({ texts, reserved }: Model): number =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 64, reserved);

type Command = readonly [name: 'push' | 'take' | 'drop' | 'clear' | 'reserve' | 'release', texts: string[]];

const anyCommand: fc.Arbitrary<Command> = fc.tuple(
  fc.constantFrom('push', 'push', 'push', 'take', 'take', 'drop', 'clear', 'reserve', 'release'),
  fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 4 }),
);

function apply(queue: MessageQueue, model: Model, [name, texts]: Command): void {
  const { run, charge } = runOf(texts);
  if (name === 'push') {
    if (!queue.fits(charge)) return;
    queue.push(run, charge);
    model.texts.push(...texts);
  } else if (name === 'take') {
    const message = queue.take();
    assert.equal(message?.text(), model.texts.shift());
    if (message) assert.equal(message.sender, sender);
  } else if (name === 'drop') {
    queue.drop();
    model.texts.shift();
  } else if (name === 'clear') {
    assert.equal(queue.clear(), model.texts.length);
    model.texts = [];
    model.reserved = 0;
  } else if (name === 'reserve' && queue.fits(charge)) {
    queue.reserve(charge);
    model.reserved += charge;
  } else if (name === 'release') {
    queue.release(model.reserved);
    model.reserved = 0;
  }
}

test('it behaves as an array of messages, each charged its length and 64 bytes', () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 60 }), (commands) => {
      const queue = new MessageQueue(CAPACITY);
      const model: Model = { texts: [], reserved: 0 };
      for (const command of commands) {
        apply(queue, model, command);
        assert.equal(queue.count, model.texts.length);
        assert.equal(queue.used, usedBy(model));
        assert.equal(
          queue.nextSize,
          model.texts[0] === undefined ? undefined : Buffer.byteLength(model.texts[0]),
        );
        const left = CAPACITY - usedBy(model);
        assert.deepEqual([queue.fits(left), queue.fits(left + 1)], [true, false]);
      }
    }),
    { numRuns: 300 },
  );
});

test('a message that was reserved is charged once', () => {
  const queue = new MessageQueue(CAPACITY);
  queue.reserve(chargeOf(5));
  queue.push(runOf(['12345']).run, 0);
  assert.equal(queue.used, 69);
  queue.take();
  assert.equal(queue.used, 0);
});

test('a message is a view into what was read, and is made when it is read', () => {
  const queue = new MessageQueue(CAPACITY);
  const { run, charge } = runOf(['one', '', 'zwölf']);
  queue.push(run, charge);
  const messages = [queue.take(), queue.take(), queue.take()];
  assert.deepEqual(
    messages.map((message) => message?.text()),
    ['one', '', 'zwölf'],
  );
  assert.deepEqual(
    messages.map((message) => message?.size),
    [3, 0, 6],
  );
  assert.equal(messages[0]?.data.buffer, run.bytes.buffer);
  assert.equal(messages[0]?.data, messages[0]?.data);
});

test('a scan finds the complete messages that are short enough and have room, and no others', () => {
  const texts = fc.array(fc.string({ unit: 'binary-ascii', maxLength: 30 }), { maxLength: 12 });
  fc.assert(
    fc.property(texts, fc.nat(20), fc.nat(30), fc.nat(1200), fc.nat(9), (all, cut, limit, room, before) => {
      const bytes = framed(all, before);
      const end = Math.max(before, bytes.length - cut);
      let [frame, count, charge] = [before, 0, 0];
      for (const text of all) {
        const next = frame + 4 + text.length;
        if (next > end || text.length > limit || charge + text.length + 64 > room) break;
        [frame, count, charge] = [next, count + 1, charge + text.length + 64];
      }
      const scan = new Scan();
      scan.over(bytes, before, end, limit, room);
      assert.deepEqual({ ...scan }, { count, charge, end: frame });
    }),
    { numRuns: 500 },
  );
});

test('a scan is used again without a trace of the last one', () => {
  const scan = new Scan();
  scan.over(framed(['a', 'b']), 0, 10, 9, 999);
  scan.over(Buffer.alloc(0), 0, 0, 9, 999);
  assert.deepEqual({ ...scan }, { count: 0, charge: 0, end: 0 });
});

test('refusals of neighbours are told as one, and each once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), (positions) => {
      positions.sort((one, other) => one - other);
      const refusals = new Refusals();
      for (const position of positions) refusals.add(position);
      const told = refusals.take();
      assert.deepEqual(
        told.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at)),
        positions,
      );
      const gaps = told.slice(1).filter(({ first }, at) => first === told[at]!.first + told[at]!.count);
      assert.deepEqual(gaps, [], 'neighbours that are two entries');
      assert.deepEqual(refusals.take(), []);
    }),
  );
});
