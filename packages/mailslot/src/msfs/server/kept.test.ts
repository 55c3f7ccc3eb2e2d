import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  BUSY_READ,
  KEPT_BEYOND,
  LARGE_BODY,
  MAX_BUSY,
  MAX_UNPARSED,
  QUIET_READ,
  SCRATCH,
  SLAB,
} from '../../limits.js';
import type { Connection } from './connection.js';
import {
  connected,
  frame,
  inboxWith,
  readAll,
  SimulatedSocket,
  sync,
  word,
} from './fake-link.test.support.js';
import type { Inbox, InboxOptions } from './inbox.js';
import { KeptMemory } from './kept.js';

const MB = 2 ** 20;

interface Sending {
  readonly writer: Connection;
  readonly socket: SimulatedSocket;
}

function sending(inbox: Inbox): Sending {
  const { writer } = connected(inbox, 1);
  return { writer, socket: new SimulatedSocket(writer) };
}

/** Bytes as the system hands them over, as many reads as they take. */
function receiveAll({ socket, writer }: Sending, bytes: Buffer): void {
  for (let at = 0; at < bytes.length && writer.mayRead; ) at += socket.receive(bytes.subarray(at));
}

const syncs = (bytes: number): Buffer => Buffer.alloc(bytes, sync);

/** What a queue may keep: its bound and what is allowed beyond, and that of the last copies and slabs once more. */
const allowed = (queueBytes: number): number => queueBytes + Math.min(KEPT_BEYOND, queueBytes / 4) + 2 * SLAB;

const streams: Readonly<Record<string, readonly Buffer[]>> = {
  'one empty message in 64 KB of requests': [Buffer.concat([syncs(SCRATCH - 4), frame('')])],
  'a large read of requests, then a small one with an empty message': [
    syncs(BUSY_READ),
    syncs(BUSY_READ),
    Buffer.concat([syncs(400), frame('')]),
  ],
  'a message of 40 KB alone in each read': [Buffer.concat([frame('x'.repeat(40_000)), syncs(20_000)])],
  'messages that are cut in two': [frame('abc').subarray(0, 5), frame('abc').subarray(5)],
};

for (const [what, reads] of Object.entries(streams)) {
  for (const connections of [1, 3, MAX_BUSY + 1]) {
    test(`${what}, ${connections} connections: the queue keeps no more memory than it may`, () => {
      const queueBytes = 2 * MB;
      const inbox = inboxWith({ queueBytes, messageLimit: MB, whenFull: 'drop-newest' });
      const all = Array.from({ length: connections }, () => sending(inbox));
      for (let round = 0; round < 3000; round += 1) {
        const each = all[round % connections] as Sending;
        for (const read of reads) receiveAll(each, read);
        assert.ok(inbox.queue.kept <= allowed(queueBytes), `${inbox.queue.kept} bytes in round ${round}`);
      }
      assert.ok(inbox.queue.count > 40);
      while (inbox.deliver());
      assert.equal(inbox.queue.kept, 0);
    });
  }
}

test('what is read into the lent buffer and stays is copied to where nothing else is kept with it', () => {
  const queueBytes = 2 * MB;
  const inbox = inboxWith({ queueBytes });
  inbox.pool.lends = true;
  const each = sending(inbox);
  for (let round = 0; round < 2000; round += 1) {
    // Others use the pool that Node has for small buffers meanwhile.
    Buffer.from('x'.repeat(3000));
    receiveAll(each, Buffer.concat([syncs(1000), frame('a')]));
  }
  assert.equal(inbox.queue.count, 2000);
  assert.ok(inbox.queue.kept <= 2 * SCRATCH, `${inbox.queue.kept} bytes`);
});

/** What the connections keep alive of what is not parsed, whole buffers. */
function unparsed(all: readonly Sending[]): number {
  const buffers = new Set(all.map(({ writer }) => writer.buffers.bytes.buffer));
  return [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

test('an idle connection keeps nothing of what it sent once', () => {
  const inbox = inboxWith();
  const all = Array.from({ length: 200 }, () => sending(inbox));
  for (const each of all) receiveAll(each, frame('x'.repeat(30_000)));
  assert.equal(unparsed(all), 0);
  assert.equal(readAll(inbox).length, 200);
});

test('the beginning of a message keeps alive no more than twice itself', () => {
  const inbox = inboxWith();
  const other = sending(inbox);
  const all = Array.from({ length: 200 }, () => sending(inbox));
  for (const each of all) {
    receiveAll(each, frame('whole').subarray(0, 6));
    receiveAll(other, frame('x'.repeat(15_000)));
    inbox.deliver();
  }
  assert.ok(unparsed(all) <= 200 * 64, `${unparsed(all)} bytes`);
  for (const each of all) receiveAll(each, frame('whole').subarray(6));
  assert.deepEqual(readAll(inbox).filter((text) => text === 'whole').length, 200);
});

test('a busy connection that stops in the middle of a message does not keep its slab', () => {
  const inbox = inboxWith();
  const all = Array.from({ length: 100 }, () => sending(inbox));
  for (const each of all) {
    for (let read = 0; read < 2; read += 1) receiveAll(each, frame('x'.repeat(BUSY_READ - 4)));
    receiveAll(each, frame('whole').subarray(0, 6));
    inbox.deliver();
    inbox.deliver();
  }
  assert.ok(unparsed(all) <= 100 * 64, `${unparsed(all)} bytes`);
});

/** A slot whose queue is full, and many who would fill it more. */
function crowd(count: number, options: Partial<InboxOptions>, bytes: Buffer): Sending[] {
  const inbox = inboxWith({ queueBytes: MB, messageLimit: MB - 64, ...options });
  const all = Array.from({ length: count }, () => sending(inbox));
  for (const each of all) receiveAll(each, bytes);
  return all;
}

test('a thousand writers that wait hold a bounded part of what they sent', () => {
  const all = crowd(1000, {}, Buffer.concat(Array(15_000).fill(frame(''))));
  const most = MAX_UNPARSED + 1000 * QUIET_READ;
  assert.ok(unparsed(all) <= most, `${unparsed(all)} bytes`);
});

test('a thousand unfinished messages below the length that needs room hold a bounded part of memory', () => {
  const all = crowd(1000, { whenFull: 'reject' }, word(LARGE_BODY - 1));
  for (let part = 0; part < 15; part += 1) for (const each of all) receiveAll(each, Buffer.alloc(1024, 'x'));
  const most = MAX_UNPARSED + 2 * SCRATCH + 1000 * 2 * 1024;
  assert.ok(unparsed(all) <= most, `${unparsed(all)} bytes`);
});

test('writers that waited in a crowd all go on, and nothing is lost or out of order', async () => {
  const inbox = inboxWith({ queueBytes: MB });
  const texts = Array.from({ length: 300 }, (_, at) => `${at};`.padEnd(200, '.'));
  const stream = Buffer.concat(texts.map(frame));
  const all = Array.from({ length: 300 }, (_, at) => ({ at: 0, own: connected(inbox, 1 + at).writer }));
  const sockets = all.map(({ own }) => new SimulatedSocket(own));
  const seen = new Map<number, string[]>();
  for (let round = 0; [...seen.values()].flat().length < 300 * 300; round += 1) {
    assert.ok(round < 10_000, 'this goes on for ever');
    for (const [index, each] of all.entries()) {
      if (each.own.mayRead && each.at < stream.length)
        each.at += (sockets[index] as SimulatedSocket).receive(stream.subarray(each.at));
    }
    for (let message = inbox.deliver(); message; message = inbox.deliver()) {
      const { pid } = message.sender;
      const own = seen.get(pid ?? 0) ?? [];
      own.push(message.text());
      seen.set(pid ?? 0, own);
    }
    await turn();
  }
  for (const own of seen.values()) assert.deepEqual(own, texts);
  assert.equal(inbox.pool.unparsed, 0);
});

test('memory in which several runs lie is counted once, until the last is gone', () => {
  const kept = new KeptMemory();
  const [one, other] = [new ArrayBuffer(10), new ArrayBuffer(100)];
  for (const memory of [one, other, one]) kept.add(memory);
  assert.deepEqual([kept.bytes, kept.costOf(one), kept.costOf(new ArrayBuffer(5))], [110, 0, 5]);
  kept.remove(one);
  assert.equal(kept.bytes, 110);
  kept.remove(one);
  assert.equal(kept.bytes, 100);
});
