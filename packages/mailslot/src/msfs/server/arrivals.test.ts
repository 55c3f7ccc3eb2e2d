import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { portsWith } from '../temp-root.test.support.js';
import {
  type Connected,
  connected,
  frame,
  inboxWith,
  offer,
  readAll,
  word,
} from './fake-link.test.support.js';
import type { Inbox, InboxOptions } from './inbox.js';

/*
 * A client that announces a message and goes quiet holds room in the queue. Whoever does while others go without is
 * cut off in time, however full the queue is otherwise.
 */

const QUEUE = 100_000;
const SMALL = 16_384;
/** It fits into the empty queue, and not beside what a client holds. */
const LARGE = QUEUE - 64 - 10_000;

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

test('block: who announces a little and goes quiet does not hold up who needs much', async () => {
  const { inbox, clock } = besieged();
  const { link } = holder(inbox);
  offer(connected(inbox, 2).writer, frame('x'.repeat(LARGE)));
  await pass(clock, 11_000);
  assert.ok(link.isDestroyed);
  assert.deepEqual(readAll(inbox).length, 1);
});

for (const whenFull of ['reject', 'drop-newest'] as const) {
  test(`${whenFull}: who announces a little and goes quiet makes others lose messages for a bounded time`, async () => {
    const { inbox, clock } = besieged({ whenFull });
    holder(inbox);
    const { writer } = connected(inbox, 2);
    offer(writer, frame('x'.repeat(LARGE)));
    assert.equal(inbox.queue.count, 0);
    await pass(clock, 11_000);
    offer(writer, frame('x'.repeat(LARGE)));
    assert.equal(inbox.queue.count, 1);
  });

  test(`${whenFull}: who held room long before it was wanted is cut off soon after`, async () => {
    const { inbox, clock } = besieged({ whenFull });
    const { link } = holder(inbox);
    await pass(clock, 60_000);
    assert.ok(!link.isDestroyed, 'nobody went without');
    offer(connected(inbox, 2).writer, frame('x'.repeat(LARGE)));
    await pass(clock, 1_000);
    assert.ok(link.isDestroyed);
  });
}

test('a byte a second is not enough', async () => {
  const { inbox, clock } = besieged();
  const { link, writer } = holder(inbox);
  offer(connected(inbox, 2).writer, frame('x'.repeat(LARGE)));
  for (let second = 0; second < 11; second += 1) {
    if (!link.isDestroyed) offer(writer, Buffer.of(0));
    await pass(clock, 1_000);
  }
  assert.ok(link.isDestroyed);
  assert.equal(readAll(inbox).length, 1);
});

test('block: of twenty who each announce all the room only one holds up a message that is here', async () => {
  const { inbox, clock } = besieged();
  for (let client = 0; client < 20; client += 1) holder(inbox, QUEUE - 64);
  offer(connected(inbox, 2).writer, frame('honest'));
  await pass(clock, 11_000);
  assert.deepEqual(readAll(inbox), ['honest']);
});

test('block: twenty who hold in turn all the room to begin hold up who begins after them for 30 s together', async () => {
  const { inbox, clock } = besieged();
  const all = Array.from({ length: 20 }, () => holder(inbox, QUEUE - 64));
  holder(inbox);
  await pass(clock, 30_000);
  assert.ok(all.every(({ link }) => link.isDestroyed));
});

for (const whenFull of ['block', 'reject', 'drop-newest'] as const) {
  test(`${whenFull}: however many announce and go quiet, half of the queue is left to messages that are here`, () => {
    const { inbox } = besieged({ whenFull, messageLimit: QUEUE / 4 });
    for (let client = 0; client < 1_000; client += 1) holder(inbox);
    const { writer } = connected(inbox, 2);
    for (let message = 0; message < 40; message += 1) offer(writer, frame('x'.repeat(1_000)));
    assert.equal(readAll(inbox).length, 40);
    assert.equal(inbox.counters.rejected + inbox.counters.droppedNewest, 0);
  });
}

test('block: who waits to begin goes on in its turn when another has finished', async () => {
  const { inbox } = besieged({ messageLimit: QUEUE / 2 - 64 });
  const [first, second] = [holder(inbox, QUEUE / 2 - 64), holder(inbox, QUEUE / 2 - 64)];
  offer(first.writer, Buffer.alloc(QUEUE / 2 - 64, '1'));
  assert.equal(readAll(inbox).length, 1);
  await turn();
  offer(second.writer, Buffer.alloc(QUEUE / 2 - 64, '2'));
  assert.equal(readAll(inbox).length, 1);
});

test('reject: those who hold room one after the other are each cut off within a second in the end', async () => {
  const { inbox, clock } = besieged({ whenFull: 'reject' });
  const honest = connected(inbox, 2);
  let last = holder(inbox);
  for (let second = 0; second < 40; second += 1) {
    offer(honest.writer, frame('x'.repeat(LARGE)));
    if (inbox.queue.count > 0) break;
    if (last.link.isDestroyed) last = holder(inbox);
    await pass(clock, 1_000);
  }
  const late = holder(inbox);
  await pass(clock, 1_000);
  assert.ok(late.link.isDestroyed || inbox.queue.count > 0);
});

test('a message that comes at a pace is let finish, also while others wait', async () => {
  const { inbox, clock } = besieged();
  const { writer, link } = holder(inbox, LARGE);
  offer(connected(inbox, 2).writer, frame('x'.repeat(LARGE)));
  await pass(clock, 9_000);
  offer(writer, Buffer.alloc(LARGE));
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

test('drop-oldest: those who announce much and go quiet leave room for others in time', async () => {
  const { inbox, clock } = besieged({ whenFull: 'drop-oldest' });
  for (let count = 0; count < 5; count += 1) holder(inbox, QUEUE - 64);
  const { writer } = connected(inbox, 2);
  const half = frame('x'.repeat(LARGE));
  offer(writer, half.subarray(0, 40_000));
  offer(writer, half.subarray(40_000));
  assert.equal(inbox.counters.droppedNewest, 1);
  await pass(clock, 11_000);
  offer(writer, half.subarray(0, 40_000));
  offer(writer, half.subarray(40_000));
  assert.equal(inbox.queue.count, 1);
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
