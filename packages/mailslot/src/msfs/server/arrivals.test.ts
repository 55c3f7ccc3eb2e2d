import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { portsWith } from '../temp-root.test.support.js';
import { SHOWN } from './clients.js';
import {
  type Connected,
  connected,
  frame,
  inboxWith,
  offer,
  readAll,
  sync,
  word,
} from './fake-link.test.support.js';
import type { Inbox, InboxOptions } from './inbox.js';

/*
 * A client that announces a message and goes quiet takes nothing from messages that are here, whatever the rule for a full
 * queue; those that are arriving, as its own, go on in time.
 */

const QUEUE = 100_000;
const SMALL = 16_384;
/** It fits into the empty queue, and not beside what a client has announced. */
const LARGE = QUEUE - 64 - 10_000;
const RULES = ['block', 'reject', 'drop-newest', 'drop-oldest'] as const;

interface Besieged {
  readonly inbox: Inbox;
  readonly clock: VirtualClock;
}

function besieged(options: Partial<InboxOptions> = {}): Besieged {
  const clock = new VirtualClock();
  return {
    clock,
    inbox: inboxWith({ queueBytes: QUEUE, messageLimit: QUEUE - 64, ports: portsWith(clock), ...options }),
  };
}

/** Announces a message of that size and sends no more. */
function holder(inbox: Inbox, size = SMALL): Connected {
  const each = connected(inbox, 1);
  offer(each.writer, word(size));
  return each;
}

/** Lets time pass as the event loop does: after each alarm, what it has made due. */
async function pass(clock: VirtualClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advance(50);
    await turn();
  }
}

/** A message that comes in two reads, as any that is larger than one. */
function offerInTwo(writer: Connected['writer'], message: Buffer): void {
  offer(writer, message.subarray(0, 20_000));
  if (writer.mayRead) offer(writer, message.subarray(20_000));
}

for (const whenFull of RULES) {
  for (const holders of [1, 1_000]) {
    test(`${whenFull}: ${holders} who announce the largest message and go quiet take no room from messages that are here`, () => {
      const { inbox } = besieged({ whenFull });
      for (let client = 0; client < holders; client += 1) holder(inbox, QUEUE - 64);
      const { writer, link } = connected(inbox, 2);
      for (let message = 0; message < 90; message += 1) offer(writer, frame('x'.repeat(1_000)), sync);
      assert.deepEqual(link.answers.at(-1), { type: 'taken', count: 90 });
      assert.equal(readAll(inbox).length, 90);
      const { rejected, droppedNewest, droppedOldest } = inbox.counters;
      assert.deepEqual([rejected, droppedNewest, droppedOldest], [0, 0, 0]);
    });
  }

  test(`${whenFull}: a large message that comes after an announcement is late, and not lost`, async () => {
    const { inbox, clock } = besieged({ whenFull });
    const quiet = holder(inbox);
    const { writer, link } = connected(inbox, 2);
    const message = frame('x'.repeat(LARGE));
    offer(writer, message.subarray(0, 20_000));
    assert.equal(writer.mayRead, false);
    await pass(clock, 2_000);
    assert.ok(quiet.link.isDestroyed, 'who sent nothing but an announcement goes first');
    offer(writer, message.subarray(20_000), sync);
    assert.deepEqual(link.answers, [{ type: 'taken', count: 1 }]);
    assert.equal(readAll(inbox).length, 1);
  });

  test(`${whenFull}: what all have in memory is bounded by the queue and the room beside it`, () => {
    const { inbox } = besieged({ whenFull, messageLimit: QUEUE / 4 });
    for (let client = 0; client < 1_000; client += 1) holder(inbox);
    const { writer } = connected(inbox, 2);
    for (let message = 0; message < 200; message += 1) offer(writer, frame('x'.repeat(1_000)));
    assert.ok(inbox.arrivals.used <= QUEUE / 2);
    assert.ok(inbox.queue.used <= QUEUE);
  });
}

test('who held room long before it was wanted is cut off soon after', async () => {
  const { inbox, clock } = besieged();
  const { link } = holder(inbox);
  await pass(clock, 60_000);
  assert.ok(!link.isDestroyed, 'nobody went without');
  offerInTwo(connected(inbox, 2).writer, frame('x'.repeat(LARGE)));
  await pass(clock, 1_000);
  assert.ok(link.isDestroyed);
});

test('a byte a second is not enough', async () => {
  const { inbox, clock } = besieged();
  const { link, writer } = holder(inbox);
  offerInTwo(connected(inbox, 2).writer, frame('x'.repeat(LARGE)));
  for (let second = 0; second < 11; second += 1) {
    if (!link.isDestroyed) offer(writer, Buffer.of(0));
    await pass(clock, 1_000);
  }
  assert.ok(link.isDestroyed);
});

test('twenty who hold in turn all the room to begin hold up who begins after them for 30 s together', async () => {
  const { inbox, clock } = besieged();
  const dripping = (): Connected => {
    const each = holder(inbox, QUEUE - 64);
    offer(each.writer, Buffer.alloc(5_000));
    return each;
  };
  const all = Array.from({ length: 20 }, dripping);
  holder(inbox);
  await pass(clock, 30_000);
  assert.ok(all.every(({ link }) => link.isDestroyed));
});

test('two hundred who have sent a message, and one byte of the next, hold up who begins after them for 40 s together', async () => {
  const { inbox, clock } = besieged();
  const all = Array.from({ length: 200 }, () => {
    const each = connected(inbox, 1);
    offer(each.writer, frame(''), word(QUEUE - 64), Buffer.of(0));
    return each;
  });
  assert.equal(readAll(inbox).length, 200);
  const { writer, link } = connected(inbox, 2);
  const message = frame('x'.repeat(LARGE));
  offer(writer, message.subarray(0, 20_000));
  await pass(clock, 40_000);
  assert.ok(all.every((each) => each.link.isDestroyed));
  assert.ok(!link.isDestroyed, 'it has sent what it could');
  offer(writer, message.subarray(20_000), sync);
  assert.deepEqual(link.answers, [{ type: 'taken', count: 1 }]);
});

test('who waits to begin goes on in its turn when another has finished', async () => {
  const { inbox } = besieged({ messageLimit: QUEUE / 2 - 64 });
  const [first, second] = [holder(inbox, QUEUE / 2 - 64), holder(inbox, QUEUE / 2 - 64)];
  offer(first.writer, Buffer.alloc(QUEUE / 2 - 64, '1'));
  assert.equal(readAll(inbox).length, 1);
  await turn();
  offer(second.writer, Buffer.alloc(QUEUE / 2 - 64, '2'));
  assert.equal(readAll(inbox).length, 1);
});

test('who begins a little later does not overtake who waits to begin much', async () => {
  const { inbox } = besieged();
  const first = holder(inbox);
  const second = holder(inbox, QUEUE - 64);
  const third = holder(inbox);
  assert.deepEqual([second.writer.mayRead, third.writer.mayRead], [false, false]);
  first.writer.gone();
  await turn();
  assert.deepEqual([second.writer.mayRead, third.writer.mayRead], [true, false]);
});

test('who announces and waits is no more than who says hello, when there are too many clients', () => {
  const { inbox } = besieged();
  holder(inbox, QUEUE - 64);
  const { writer } = holder(inbox, QUEUE - 64);
  assert.equal(writer.mayRead, false);
  assert.equal(writer.shown, SHOWN.hello);
});

test('block: a large message that is here and waits for room in the queue is not given up', async () => {
  const { inbox, clock } = besieged();
  offer(connected(inbox, 1).writer, frame('x'.repeat(LARGE)));
  const large = connected(inbox, 2);
  offerInTwo(large.writer, frame('y'.repeat(LARGE)));
  assert.equal(large.writer.mayRead, false);
  holder(inbox, LARGE);
  await pass(clock, 60_000);
  assert.ok(!large.link.isDestroyed);
  assert.equal(readAll(inbox)[0]?.[0], 'x');
  await turn();
  assert.equal(readAll(inbox)[0]?.[0], 'y');
  assert.equal(inbox.queue.used, 0);
});

for (const whenFull of ['reject', 'drop-newest'] as const) {
  test(`${whenFull}: a large message that finds the queue full when it is here is counted as lost, once`, () => {
    const { inbox } = besieged({ whenFull });
    offer(connected(inbox, 1).writer, frame('x'.repeat(LARGE)));
    const { writer, link } = connected(inbox, 2);
    offerInTwo(writer, frame('y'.repeat(LARGE)));
    offer(writer, frame('fits'), sync);
    const refused = whenFull === 'reject' ? [{ type: 'refused', first: 0, count: 1 }] : [];
    assert.deepEqual(link.answers, [...refused, { type: 'taken', count: 2 }]);
    assert.deepEqual(
      readAll(inbox).map((text) => text[0]),
      ['x', 'f'],
    );
    assert.equal(inbox.counters.rejected + inbox.counters.droppedNewest, 1);
    assert.equal(inbox.arrivals.used, 0);
  });
}

test('a message that comes at a pace is let finish, also while others wait', async () => {
  const { inbox, clock } = besieged();
  const { writer, link } = holder(inbox, LARGE);
  offer(writer, Buffer.alloc(5_000));
  offerInTwo(connected(inbox, 2).writer, frame('x'.repeat(LARGE)));
  await pass(clock, 9_000);
  offer(writer, Buffer.alloc(LARGE - 5_000));
  assert.ok(!link.isDestroyed);
  assert.equal(inbox.queue.count, 1);
});

test('drop-oldest: a mere announcement pushes nothing out, nor does an unfinished message; a whole one does', () => {
  const { inbox } = besieged({ whenFull: 'drop-oldest' });
  offer(connected(inbox, 1).writer, frame('old'.repeat(20_000)));
  const { writer } = holder(inbox, LARGE);
  offer(writer, Buffer.alloc(LARGE - 1));
  assert.equal(inbox.counters.droppedOldest, 0);
  assert.equal(inbox.queue.used, 60_064);
  offer(writer, Buffer.alloc(1));
  assert.equal(inbox.counters.droppedOldest, 1);
  assert.equal(inbox.deliver()?.size, LARGE);
});

test('who leaves while he waits in the line is not in it any more', async () => {
  const { inbox } = besieged();
  offer(connected(inbox, 1).writer, frame('x'.repeat(LARGE)));
  const [first, second] = [connected(inbox, 2), connected(inbox, 3)];
  for (const { writer } of [first, second]) offer(writer, frame('y'.repeat(LARGE)));
  second.writer.gone();
  first.writer.gone();
  const third = connected(inbox, 4);
  offer(third.writer, frame('fits'));
  assert.ok(third.writer.mayRead, 'nobody waits before it');
  assert.equal(inbox.queue.count, 2);
});
