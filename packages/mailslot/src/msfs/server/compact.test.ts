import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected, frame, inboxWith, offer } from './fake-link.test.support.js';

for (const whenFull of ['reject', 'drop-newest'] as const) {
  test(`${whenFull}: small messages that are taken do not hold the large ones that came with them and were not`, () => {
    const inbox = inboxWith({ queueBytes: 100_000, messageLimit: 99_936, whenFull });
    const { writer } = connected(inbox, 7);
    offer(writer, frame('x'.repeat(60_000)));
    const unwanted = frame('y'.repeat(50_000));
    for (let round = 0; round < 300; round += 1) offer(writer, frame(''), unwanted, frame('z'));
    const held = new Map<ArrayBufferLike, number>();
    for (let message = inbox.deliver(); message; message = inbox.deliver()) {
      held.set(message.data.buffer, message.data.buffer.byteLength);
    }
    const bytes = [...held.values()].reduce((sum, size) => sum + size, 0);
    assert.equal(inbox.counters.rejected + inbox.counters.droppedNewest > 250, true);
    assert.ok(bytes < 400_000, `${bytes} bytes were held by a queue of 100,000`);
  });
}
