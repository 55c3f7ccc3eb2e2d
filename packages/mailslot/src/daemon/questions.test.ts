import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { GREETING_MS, MAX_OPENED_CONNECTIONS, OUTGOING_QUEUE, OUTGOING_QUEUES } from '../limits.js';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { giveAnswer } from './questions.js';
import { shareOf } from './upstream.js';

test('who does not read an answer is not waited for', {
  skip: process.platform === 'win32' && 'pipes have names of their own there',
}, async (t) => {
  const clock = new VirtualClock();
  const server = createServer();
  t.after(() => server.close());
  server.listen(join(temporaryRoot(t), 'socket'));
  await once(server, 'listening');
  const asker = connect(server.address() as string);
  t.after(() => asker.destroy());
  asker.pause();
  const [socket] = (await once(server, 'connection')) as [Socket];
  let lines = 0;
  const answered = giveAnswer(
    socket,
    { do: 'talk' },
    {
      async *talk() {
        for (;;) {
          lines += 1;
          yield { text: 'x'.repeat(10_000) };
        }
      },
    },
    clock,
  );
  let before = -1;
  while (lines !== before) {
    before = lines;
    await new Promise(setImmediate);
  }
  assert.equal(socket.destroyed, false);
  clock.advance(GREETING_MS);
  await answered;
  assert.equal(socket.destroyed, true);
});

test('the queues of many clients hold little more together than those of some', () => {
  const shares = Array.from({ length: MAX_OPENED_CONNECTIONS }, (_, others) => shareOf(others));
  assert.equal(shares[0], OUTGOING_QUEUE);
  const together = shares.reduce((sum, share) => sum + share);
  assert.ok(together <= 4 * OUTGOING_QUEUES, `${together}`);
});
