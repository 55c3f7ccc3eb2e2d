import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailslotError } from 'mailslot';
import { FakeMessenger, fakeNetwork } from './fake-messenger.test.support.js';
import { Feed } from './feed.js';
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

test('what expires while the history cannot be read ends nothing, and is off the page', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const messenger = new FakeMessenger();
  // More than there is room for, so that others are looked for.
  for (let count = 0; count < 150; count++)
    messenger.receive({ level: 'alert', time: Date.now(), receivedAt: Date.now(), ttl: 60 });
  const feed = new Feed(messenger, fakeNetwork(null));
  t.after(() => feed.close());
  messenger.history.notes = () => {
    throw new MailslotError('ERR_MAILSLOT_IO', 'the disk fails');
  };
  t.mock.timers.tick(120_000);
  assert.deepEqual(feed.overview.alerts().length, 0);
});
