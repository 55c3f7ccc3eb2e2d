import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUSY_READ, HEADER_WINDOW, LARGE_BODY, MAX_BUSY, QUIET_READ, SLAB } from '../../limits.js';
import type { Connection } from './connection.js';
import { connected, frame, inboxWith, readAll, SimulatedSocket, word } from './fake-link.test.support.js';
import type { Inbox } from './inbox.js';
import { ReadBuffers } from './read-buffers.js';
import { SlabPool, scratch } from './slabs.js';

const idle = (buffers: ReadBuffers): boolean => buffers.nextBuffer().buffer === scratch().buffer;

/** One frame that fills a read exactly. */
const filling = (size: number): Buffer => frame(Buffer.alloc(size - 4, 'x'));

/** A connection that has just become busy: its next read lands in a slab of its own. */
function busy(inbox: Inbox): { writer: Connection; socket: SimulatedSocket } {
  const { writer } = connected(inbox, 1);
  const socket = new SimulatedSocket(writer);
  socket.receive(filling(BUSY_READ));
  return { writer, socket };
}

test('idle connections share one read buffer and keep none', () => {
  const inbox = inboxWith();
  const intakes = Array.from({ length: 1000 }, () => connected(inbox, 1).writer.buffers);
  for (const buffers of intakes) {
    const buffer = buffers.nextBuffer();
    assert.equal(buffer.buffer, scratch().buffer);
    assert.equal(buffer.length, QUIET_READ);
    assert.equal(buffers.end - buffers.at, 0);
  }
});

test('a connection that reads much gets a slab, and gives it back when it reads little', () => {
  const { writer, socket } = busy(inboxWith());
  assert.equal(idle(writer.buffers), false);
  socket.receive(filling(BUSY_READ / 4));
  assert.equal(idle(writer.buffers), false);
  socket.receive(filling(BUSY_READ / 4 - 1));
  assert.equal(idle(writer.buffers), true);
});

test('so many connections of a slot may have slabs and no more, and the next one gets the first that comes back', () => {
  const inbox = inboxWith();
  const writers = Array.from({ length: MAX_BUSY + 3 }, () => busy(inbox));
  assert.equal(writers.filter(({ writer }) => !idle(writer.buffers)).length, MAX_BUSY);
  const [first] = writers;
  first?.writer.gone();
  first?.writer.gone();
  const late = [busy(inbox), busy(inbox)];
  assert.deepEqual(
    late.map(({ writer }) => idle(writer.buffers)),
    [false, true],
  );
});

test('the connections that got no slab are served all the same', () => {
  const inbox = inboxWith();
  for (let writer = 0; writer < MAX_BUSY; writer += 1) busy(inbox);
  readAll(inbox);
  const { socket } = busy(inbox);
  socket.receive(Buffer.concat([frame('after'), frame('all')]));
  assert.deepEqual(readAll(inbox).slice(1), ['after', 'all']);
});

test('a slot that is closed has all slabs back', () => {
  const pool = new SlabPool();
  const buffers = new ReadBuffers(pool);
  buffers.nextBuffer();
  buffers.caught(BUSY_READ);
  for (let left = MAX_BUSY - 1; left > 0; left -= 1) assert.ok(pool.borrow());
  assert.equal(pool.borrow(), undefined);
  buffers.close();
  assert.ok(pool.borrow());
});

test('messages in a slab are shared with what was read, those of a quiet connection are copied out', () => {
  const inbox = inboxWith();
  const { socket } = busy(inbox);
  const busyMessage = inbox.deliver();
  socket.receive(filling(BUSY_READ));
  assert.equal(inbox.deliver()?.data.buffer.byteLength, SLAB);
  assert.notEqual(busyMessage?.data.buffer, scratch().buffer);
});

test('a frame that is cut at the end of a slab goes on in the next one', () => {
  const inbox = inboxWith();
  const { socket } = busy(inbox);
  readAll(inbox);
  const bodies = Array.from({ length: 40 }, (_, number) => `${number};`.repeat(2500));
  const stream = Buffer.concat(bodies.map(frame));
  assert.ok(stream.length > SLAB);
  for (let at = 0; at < stream.length; ) at += socket.receive(stream.subarray(at, at + 50_001));
  assert.deepEqual(readAll(inbox), bodies);
});

test('a large message is read into a buffer of its own, its successor too if it comes at once', () => {
  const inbox = inboxWith();
  const { writer } = connected(inbox, 1);
  const socket = new SimulatedSocket(writer);
  const large = Buffer.alloc(300_000, 'large ');
  const stream = Buffer.concat([frame(large), frame(large), frame('small')]);
  for (let at = 0; at < stream.length; ) at += socket.receive(stream.subarray(at));
  for (let message = 0; message < 2; message += 1) {
    const { data } = inbox.deliver() ?? assert.fail('a message is missing');
    assert.ok(large.equals(data));
    assert.equal(data.buffer.byteLength, 4 + large.length);
  }
  assert.deepEqual(readAll(inbox), ['small']);
});

test('after a large message only so much is caught as may be the next header', () => {
  const inbox = inboxWith();
  const { writer } = connected(inbox, 1);
  const socket = new SimulatedSocket(writer);
  socket.receive(Buffer.concat([word(LARGE_BODY), Buffer.alloc(10)]));
  socket.receive(Buffer.alloc(LARGE_BODY - 10));
  const next = Buffer.concat([word(1_000_000), Buffer.alloc(100_000)]);
  assert.equal(socket.receive(next), HEADER_WINDOW);
  // The rest goes straight to its place: more than the scratch could take.
  assert.equal(socket.receive(next.subarray(HEADER_WINDOW)), next.length - HEADER_WINDOW);
});

test('the beginning of a small message costs no more than what is here of it', () => {
  const inbox = inboxWith();
  const { writer } = connected(inbox, 1);
  const socket = new SimulatedSocket(writer);
  const body = 'x'.repeat(LARGE_BODY - 1);
  for (const byte of frame(body).subarray(0, 2000)) socket.receive(Buffer.from([byte]));
  assert.equal(writer.buffers.end - writer.buffers.at, 2000);
  socket.receive(frame(body).subarray(2000));
  assert.deepEqual(readAll(inbox), [body]);
});

test('what is thrown away is counted exactly, also when its length alone is here', () => {
  const inbox = inboxWith({ queueBytes: 40_000, messageLimit: 39_936, whenFull: 'drop-newest' });
  const { writer } = connected(inbox, 1);
  const socket = new SimulatedSocket(writer);
  const full = frame('x'.repeat(30_000));
  for (let at = 0; at < full.length; ) at += socket.receive(full.subarray(at));
  socket.receive(word(20_000));
  for (let left = 20_000; left > 0; left -= 7) socket.receive(Buffer.alloc(Math.min(7, left), 0xff));
  socket.receive(Buffer.concat([frame('next'), word(20_000), Buffer.alloc(5)]));
  const last = Buffer.concat([Buffer.alloc(19_995, 0xff), frame('last')]);
  for (let at = 0; at < last.length; ) at += socket.receive(last.subarray(at));
  assert.deepEqual(readAll(inbox).slice(1), ['next', 'last']);
  assert.equal(inbox.counters.droppedNewest, 2);
});
