import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_CLIENTS } from '../../limits.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { portsWith } from '../temp-root.test.support.js';
import { Connection } from './connection.js';
import {
  askInfo,
  type Connected,
  connected,
  frame,
  inboxWith,
  offer,
  readAll,
  sync,
} from './fake-link.test.support.js';

const codeOf = ({ link }: Connected): string | undefined => {
  const last = link.answers.at(-1);
  return last?.type === 'fault' ? last.error.code : undefined;
};

test('as many clients as there may be are served, and of more the one goes that has shown least', () => {
  const queueBytes = 100 * MAX_CLIENTS;
  const inbox = inboxWith({ queueBytes, messageLimit: queueBytes - 64 });
  const active = connected(inbox, 1);
  offer(active.writer, frame('active'), sync);
  const asker = connected(inbox, 2);
  offer(asker.writer, askInfo);
  const others = Array.from({ length: MAX_CLIENTS - 7 }, () => {
    const each = connected(inbox, 6);
    offer(each.writer, frame(''));
    return each;
  });
  const greeted = [connected(inbox, 4), connected(inbox, 5)];
  const strangers = [connected(inbox), connected(inbox)];
  const waits = connected(inbox, 3);
  offer(waits.writer, frame(Buffer.alloc(queueBytes - 64)));
  assert.equal(inbox.writers.size, MAX_CLIENTS);
  const expected = [...strangers, ...greeted, active, asker, ...others.slice(0, 3)];
  for (const each of expected) {
    assert.equal(codeOf(each), undefined);
    offer(connected(inbox, 7).writer, frame(''));
    assert.equal(codeOf(each), 'ERR_MAILSLOT_NO_RESOURCES');
    assert.equal(inbox.writers.size, MAX_CLIENTS);
  }
  assert.equal(codeOf(waits), undefined);
  assert.deepEqual(active.link.answers.at(-2), { type: 'taken', count: 1 });
});

test('who was heard a moment ago stays, whoever was silent longer goes', () => {
  const inbox = inboxWith();
  const all = Array.from({ length: MAX_CLIENTS }, () => connected(inbox, 1));
  for (const { writer } of all) offer(writer, frame(''));
  const [first, second] = all as [Connected, Connected];
  offer(first.writer, frame('again'));
  connected(inbox, 2);
  assert.equal(codeOf(first), undefined);
  assert.equal(codeOf(second), 'ERR_MAILSLOT_NO_RESOURCES');
  assert.equal(readAll(inbox).length, MAX_CLIENTS + 1);
});

test('who says no hello is cut off after ten looks, who said it may be silent for ever', () => {
  const clock = new VirtualClock();
  const inbox = inboxWith({ ports: portsWith(clock) });
  const silent = connected(inbox);
  const half = connected(inbox);
  offer(half.writer, Buffer.from('4d534643', 'hex'));
  const greeted = connected(inbox, 1);
  clock.advance(10_999);
  assert.deepEqual([codeOf(silent), codeOf(half)], [undefined, undefined]);
  clock.advance(1);
  assert.deepEqual([codeOf(silent), codeOf(half)], ['ERR_MAILSLOT_TIMEOUT', 'ERR_MAILSLOT_TIMEOUT']);
  clock.advance(100_000_000);
  assert.equal(codeOf(greeted), undefined);
  assert.equal(clock.pending, 0, 'nobody is looked after any more');
});

test('the connection by which the redirector hands messages over is no client', () => {
  const inbox = inboxWith();
  const feed = new Connection(inbox, 'redirector');
  for (let count = 0; count <= MAX_CLIENTS; count += 1) connected(inbox, 1);
  assert.equal(feed.isGone, false);
});
