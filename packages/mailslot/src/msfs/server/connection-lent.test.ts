import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BUSY_READ, LARGE_BODY, LENT_BODY, SLAB } from '../../limits.js';
import { connected, frame, inboxWith, SimulatedSocket, sync } from './fake-link.test.support.js';
import type { Inbox } from './inbox.js';

/*
 * Reads into the lent buffer: the consumer keeps nothing, so all connections of a thread read over what was read before.
 */

/** An inbox whose messages are looked at as they arrive; `seen` gets a copy of each. */
function consumedInbox(seen: Buffer[], queueBytes?: number): Inbox {
  const inbox: Inbox = inboxWith({
    ...(queueBytes === undefined ? {} : { queueBytes }),
    onArrival: () => {
      while (inbox.queue.count > 0) {
        inbox.deliverBytes((bytes, start, end) => seen.push(Buffer.from(bytes.subarray(start, end))));
      }
    },
  });
  inbox.pool.lends = true;
  return inbox;
}

const bodyOf = (writer: number, number: number, size: number): Buffer =>
  Buffer.alloc(size, `${writer}.${number};`);

const sizes = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.nat(300) },
    fc.integer({ min: LARGE_BODY - 2, max: LARGE_BODY + 2 }),
    fc.integer({ min: LARGE_BODY, max: 70_000 }),
    fc.integer({ min: LENT_BODY - 2, max: LENT_BODY + 2 }),
    fc.integer({ min: LENT_BODY, max: 2 * SLAB }),
  ),
  { minLength: 1, maxLength: 8 },
);

const readings = fc.array(
  fc.record({
    connection: fc.nat(2),
    bytes: fc.oneof(fc.nat(40), fc.integer({ min: BUSY_READ / 4, max: 2 * BUSY_READ }), fc.constant(SLAB)),
  }),
  { maxLength: 40 },
);

test('whatever is read over, each message is whole when it is looked at, in the order of its writer', () => {
  fc.assert(
    fc.property(sizes, readings, fc.boolean(), (lengths, turns, asks) => {
      const seen: Buffer[] = [];
      const inbox = consumedInbox(seen);
      const ends = [0, 1, 2].map((writer) => {
        const bodies = lengths.map((length, number) => bodyOf(writer, number, length));
        const frames = bodies.flatMap((body) => (asks ? [frame(body), sync] : [frame(body)]));
        const socket = new SimulatedSocket(connected(inbox, 1 + writer).writer);
        return { socket, bodies, stream: Buffer.concat(frames), at: 0 };
      });
      const receive = (end: (typeof ends)[number], bytes: number): void => {
        if (end.at < end.stream.length)
          end.at += end.socket.receive(end.stream.subarray(end.at, end.at + 1 + bytes));
      };
      for (const { connection, bytes } of turns) receive(ends[connection] as (typeof ends)[number], bytes);
      for (const end of ends) while (end.at < end.stream.length) receive(end, SLAB);
      assert.equal(seen.length, 3 * lengths.length);
      for (const { bodies } of ends) {
        let from = 0;
        for (const body of bodies) {
          const at = seen.findIndex((each, index) => index >= from && each.equals(body));
          assert.notEqual(at, -1, 'a message is missing, damaged or too early');
          if (body.length > 300) from = at + 1;
        }
      }
      assert.equal(inbox.queue.used, 0);
    }),
    { numRuns: 150 },
  );
});

test('a large message keeps room from its beginning on, and gives it back when its writer goes', () => {
  const inbox = consumedInbox([], 200_000);
  const { writer } = connected(inbox, 1);
  const socket = new SimulatedSocket(writer);
  const large = frame(Buffer.alloc(100_000, 'x'));
  socket.receive(large.subarray(0, BUSY_READ));
  assert.equal(inbox.arrivals.used, 100_064);
  writer.gone();
  assert.equal(inbox.arrivals.used, 0);
});

test('a large message whose rest dribbles gets a buffer of its own', () => {
  const seen: Buffer[] = [];
  const inbox = consumedInbox(seen);
  const socket = new SimulatedSocket(connected(inbox, 1).writer);
  const large = frame(Buffer.alloc(100_000, 'x'));
  let at = socket.receive(large.subarray(0, 2 * BUSY_READ));
  at += socket.receive(large.subarray(at, at + 10));
  // Were it copied with each read, the bytes asked for would be those of a whole read.
  assert.equal(socket.receive(large.subarray(at)), large.length - at);
  assert.equal(seen.length, 1);
  assert.ok(seen[0]?.equals(large.subarray(4)));
});
