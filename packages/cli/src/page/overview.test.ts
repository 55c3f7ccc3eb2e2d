import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMessenger } from './fake-messenger.test.support.js';
import { Overview } from './overview.js';

test('alerts expire while they wait, and those after them come', () => {
  const messenger = new FakeMessenger();
  const time = Date.now();
  for (let count = 0; count < 120; count++) messenger.receive({ level: 'alert', time, ttl: 3_600 });
  messenger.receive({ level: 'alert', text: 'last', time });
  const overview = new Overview(messenger.history);
  assert.equal(overview.alerts().length, 100);
  assert.ok(!overview.dropExpired(time + 3_599_000));
  for (const { id } of messenger.notes.slice(0, 60)) messenger.change(id, { isRead: true });
  for (const note of messenger.notes.slice(0, 60)) overview.see(note);
  assert.equal(overview.alerts().at(-1)?.text, 'last');
  assert.ok(overview.dropExpired(time + 3_600_000));
  const { alerts } = overview.takeChanges();
  assert.deepEqual(
    alerts?.map(({ text }) => text),
    ['last'],
  );
});
