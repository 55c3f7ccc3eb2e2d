import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { LARGE_BODY, OUTBOX_BLOCK } from '../../limits.js';
import { SYNC } from '../wire/frames.js';
import { Outbox } from './outbox.js';

interface Written {
  readonly bytes: Uint8Array;
  readonly onTaken: () => void;
}

/** What an outbox uses of a socket. A slow one holds what is written until the system is told to take it. */
class FakeSocket {
  /** Every write, as it was handed over. */
  readonly writes: Uint8Array[] = [];
  /** What the system has taken, as it was then. */
  readonly taken: Buffer[] = [];
  isSlow = false;
  private held: Written[] = [];

  get writableLength(): number {
    return this.held.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  write(bytes: Uint8Array, onTaken: () => void): boolean {
    this.writes.push(bytes);
    this.held.push({ bytes, onTaken });
    if (!this.isSlow) this.take();
    return true;
  }

  cork(): void {}
  uncork(): void {}

  take(count: number = this.held.length): void {
    const taken = this.held.splice(0, count);
    this.taken.push(...taken.map(({ bytes }) => Buffer.from(bytes)));
    for (const { onTaken } of taken) process.nextTick(onTaken);
  }
}

function outboxOn(socket: FakeSocket, onSent: () => void = () => {}): Outbox {
  return new Outbox(socket as unknown as Socket, onSent);
}

const put = (outbox: Outbox, data: string | Uint8Array): void => outbox.put(data, Buffer.byteLength(data));
const putAndAsk = (outbox: Outbox, data: string): void => outbox.putAndAsk(data, Buffer.byteLength(data));

const turn = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** What the server would see: bodies as text, questions as `?`. */
function seen(parts: readonly Uint8Array[]): string[] {
  const bytes = Buffer.concat(parts);
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const word = bytes.readUInt32LE(at);
    const end = word === SYNC ? at + 4 : at + 4 + word;
    assert.ok(end <= bytes.length, 'a frame that is cut off');
    frames.push(word === SYNC ? '?' : bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return frames;
}

test('the first message of a turn leaves at once, the others leave together at its end', async () => {
  const socket = new FakeSocket();
  const outbox = outboxOn(socket);
  put(outbox, 'a');
  assert.deepEqual(
    socket.writes.map((each) => seen([each])),
    [['a']],
  );
  put(outbox, 'b');
  put(outbox, 'c');
  assert.equal(socket.writes.length, 1);
  await turn();
  assert.deepEqual(
    socket.writes.map((each) => seen([each])),
    [['a'], ['b', 'c']],
  );
});

test('after a turn with many the next one packs from its first message on, and after one with one it does not', async () => {
  const socket = new FakeSocket();
  const outbox = outboxOn(socket);
  for (const text of ['a', 'b']) put(outbox, text);
  await turn();
  for (const text of ['c']) put(outbox, text);
  assert.equal(socket.writes.length, 2);
  await turn();
  assert.equal(socket.writes.length, 3);
  put(outbox, 'd');
  assert.equal(socket.writes.length, 4);
});

test('the server is asked once for all that leaves together', async () => {
  const socket = new FakeSocket();
  const outbox = outboxOn(socket);
  for (const text of ['a', 'b', 'c']) putAndAsk(outbox, text);
  put(outbox, 'd');
  await turn();
  assert.deepEqual(
    socket.writes.map((each) => seen([each])),
    [
      ['a', '?'],
      ['b', 'c', 'd', '?'],
    ],
  );
});

test('to ask sends what is packed at once, and asks even if nothing is', () => {
  const socket = new FakeSocket();
  const outbox = outboxOn(socket);
  for (const text of ['a', 'b']) put(outbox, text);
  outbox.ask();
  outbox.ask();
  assert.deepEqual(seen(socket.taken), ['a', 'b', '?', '?']);
});

test('a message that nobody asks about asks nothing', async () => {
  const socket = new FakeSocket();
  put(outboxOn(socket), 'a');
  await turn();
  assert.deepEqual(seen(socket.taken), ['a']);
});

test('a large body is handed over as it is, without a copy, between its neighbours', async () => {
  const socket = new FakeSocket();
  const outbox = outboxOn(socket);
  const large = Buffer.alloc(LARGE_BODY, 'L');
  for (const data of ['first', 'second', large, 'last']) put(outbox, data);
  await turn();
  assert.deepEqual(seen(socket.taken), ['first', 'second', large.toString(), 'last']);
  assert.ok(socket.writes.includes(large), 'a copy was sent');
  assert.ok(large.equals(Buffer.alloc(LARGE_BODY, 'L')), 'the body was written to');
});

test('a body below that size is copied, so that its owner may use the bytes again', async () => {
  const socket = new FakeSocket();
  socket.isSlow = true;
  const outbox = outboxOn(socket);
  const body = Buffer.alloc(LARGE_BODY - 1, 'x');
  put(outbox, body);
  put(outbox, body);
  body.fill('y');
  await turn();
  socket.take();
  assert.deepEqual(seen(socket.taken), ['x'.repeat(LARGE_BODY - 1), 'x'.repeat(LARGE_BODY - 1)]);
});

test('a fast socket is served from the first block, then from one larger block again and again', async () => {
  const socket = new FakeSocket();
  const outbox = outboxOn(socket);
  for (let message = 0; message < 1000; message += 1) put(outbox, 'x'.repeat(1000));
  await turn();
  assert.equal(new Set(socket.writes.map(({ buffer }) => buffer)).size, 2);
  assert.ok(socket.writes.length < 20, `${socket.writes.length} calls to the system`);
});

test('what waits is all that was put and not taken', async () => {
  const socket = new FakeSocket();
  socket.isSlow = true;
  let sent = 0;
  const outbox = outboxOn(socket, () => {
    sent += 1;
  });
  put(outbox, 'a');
  put(outbox, 'bc');
  assert.equal(outbox.waiting, 5 + 6);
  await turn();
  assert.equal(outbox.waiting, 5 + 6);
  socket.take(1);
  await turn();
  assert.equal(outbox.waiting, 6);
  socket.take();
  await turn();
  assert.equal(outbox.waiting, 0);
  assert.equal(sent, 2);
});

test('blocks that the system has taken are used again', async () => {
  const socket = new FakeSocket();
  socket.isSlow = true;
  const outbox = outboxOn(socket);
  const text = 'x'.repeat(LARGE_BODY - 1);
  for (let round = 0; round < 20; round += 1) {
    for (let bytes = 0; bytes < 2.5 * OUTBOX_BLOCK; bytes += LARGE_BODY) put(outbox, text);
    await turn();
    socket.take();
    await turn();
  }
  assert.deepEqual(new Set(seen(socket.taken)), new Set([text]));
  assert.ok(new Set(socket.writes.map(({ buffer }) => buffer)).size <= 5, 'new blocks again and again');
});

const size = fc.oneof(
  { weight: 6, arbitrary: fc.nat(80) },
  { weight: 2, arbitrary: fc.nat(LARGE_BODY - 1) },
  { weight: 1, arbitrary: fc.integer({ min: LARGE_BODY - 3, max: OUTBOX_BLOCK + 3 }) },
);
const step = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constantFrom('put', 'putAndAsk'), size }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take'), size: fc.nat(4) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('turn', 'ask', 'slow', 'fast'), size: fc.constant(0) }),
  },
);

test('whatever is put, and whenever the system takes it, arrives unaltered and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (steps) => {
      const socket = new FakeSocket();
      const outbox = outboxOn(socket);
      const expected: string[] = [];
      let asked = 0;
      for (const [number, each] of steps.entries()) {
        const text = `${number};`.repeat(each.size).slice(0, each.size);
        if (each.do === 'put') put(outbox, number % 2 ? text : Buffer.from(text));
        else if (each.do === 'putAndAsk') putAndAsk(outbox, text);
        else if (each.do === 'ask') outbox.ask();
        else if (each.do === 'take') socket.take(each.size);
        else if (each.do === 'turn') await turn();
        else socket.isSlow = each.do === 'slow';
        if (each.do.startsWith('put')) expected.push(text);
        if (each.do === 'ask' || each.do === 'putAndAsk') asked += 1;
      }
      await turn();
      socket.take();
      await turn();
      const frames = seen(socket.taken);
      assert.deepEqual(
        frames.filter((each) => each !== '?'),
        expected,
      );
      const questions = frames.filter((each) => each === '?').length;
      assert.ok(questions <= asked && questions > 0 === asked > 0, `${questions} questions for ${asked}`);
      assert.equal(outbox.waiting, 0);
    }),
    { numRuns: 200 },
  );
});
