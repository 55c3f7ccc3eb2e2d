import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { MailslotError } from '../../errors.js';
import { stateOf } from '../temp-root.test.support.js';
import { RoomQueue } from './room.js';

/** A queue with room for `rooms` more. */
function queueWith(rooms: number): { queue: RoomQueue; give: (count: number) => void; order: string[] } {
  let left = rooms;
  const order: string[] = [];
  const queue = new RoomQueue(() => left > order.length);
  const give = (count: number): void => {
    left += count;
    queue.admit();
  };
  return { queue, give, order };
}

test('those who wait go in their order, as many as there is room for', async () => {
  const { queue, give, order } = queueWith(0);
  const waits = ['a', 'b', 'c'].map((name) => queue.wait(() => order.push(name), undefined));
  queue.admit();
  assert.deepEqual(order, []);
  give(2);
  assert.deepEqual(order, ['a', 'b']);
  assert.deepEqual(await Promise.all(waits.slice(0, 2)), [1, 2]);
  assert.equal(await stateOf(waits[2] as Promise<number>), 'pending');
  give(1);
  assert.equal(await waits[2], 3);
});

test('a wait that is aborted never goes, and the next one takes its turn', async () => {
  const { queue, give, order } = queueWith(0);
  const controller = new AbortController();
  const aborted = queue.wait(() => order.push('aborted'), controller.signal);
  const next = queue.wait(() => order.push('next'), undefined);
  controller.abort(new Error('changed my mind'));
  await assert.rejects(aborted, /changed my mind/);
  give(1);
  await next;
  assert.deepEqual(order, ['next']);
  assert.equal(queue.length, 0);
});

test('a wait leaves nothing on its signal, however it ends', async () => {
  const { signal } = new AbortController();
  const { queue, give } = queueWith(0);
  const gone = queue.wait(() => {}, signal);
  give(1);
  await gone;
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
  const failed = queueWith(0);
  const wait = failed.queue.wait(() => {}, signal);
  failed.queue.fail(new MailslotError('ERR_MAILSLOT_CLOSED', 'gone'));
  await assert.rejects(wait, { code: 'ERR_MAILSLOT_CLOSED' });
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('all who wait are told when there will be no more room', async () => {
  const { queue } = queueWith(0);
  const waits = [1, 2].map(() => queue.wait(() => assert.fail('went'), undefined));
  queue.fail(new MailslotError('ERR_MAILSLOT_CLOSED', 'gone'));
  for (const wait of waits) await assert.rejects(wait, { code: 'ERR_MAILSLOT_CLOSED' });
});

test('what goes wrong when its turn comes is the failure of that wait alone', async () => {
  const { queue, give } = queueWith(0);
  const failed = queue.wait(() => Promise.reject(new Error('refused')), undefined);
  const next = queue.wait(() => 'next', undefined);
  give(2);
  await assert.rejects(failed, /refused/);
  assert.equal(await next, 'next');
});
