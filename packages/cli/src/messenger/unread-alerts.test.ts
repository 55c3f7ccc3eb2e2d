import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMessenger } from '../page/fake-messenger.test.support.js';
import { unreadAlerts } from './unread-alerts.js';

test('the oldest unread alerts are found behind thousands of messages', () => {
  const messenger = new FakeMessenger();
  for (const text of ['first', 'second', 'third']) {
    messenger.receive({ level: 'alert', text });
    messenger.receive({ level: 'alert', isRead: true });
    messenger.receive({ level: 'alert', isOwn: true });
    for (let count = 0; count < 1_500; count++) messenger.receive({});
  }
  const textsOf = (max: number): string[] =>
    unreadAlerts(messenger.history, Date.now(), max).map(({ text }) => text);
  assert.deepEqual(textsOf(10), ['first', 'second', 'third']);
  assert.deepEqual(textsOf(2), ['first', 'second']);
});
