import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { sendMessage } from '../index.js';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';
import { bodyFor, nextNote, startFor } from './messenger.test.support.js';
import { sendNote } from './send-note.js';

const folders = { skip: process.platform === 'win32' ? 'a root of all users is a matter of modes' : false };

test('in a root that is shared, whoever has the slot for all hands on to the others', folders, async (t) => {
  const root = temporaryRoot(t);
  chmodSync(root, 0o1777);
  const { messenger: anna } = await startFor(t, { root });
  const { messenger: bob } = await startFor(t, {
    root,
    user: 'BOB',
    computer: 'ALPHA',
    names: ['NIGHT SHIFT'],
  });
  assert.deepEqual(
    bob.names().map(({ name, state }) => `${name} ${state}`),
    ['* taken', 'ALPHA taken', 'BOB yours', 'NIGHT SHIFT yours'],
  );
  const heard = nextNote(bob, 'onNote');
  await sendMessage('messngr/*', bodyFor('*', 'to all'), { root });
  const { text, to, computer, authenticated } = await heard;
  assert.deepEqual({ text, to, computer }, { text: 'to all', to: '*', computer: undefined });
  // Whoever handed it on may say what it likes.
  assert.equal(authenticated, false);
  assert.equal(anna.history.unread, 1);

  const answered = nextNote(anna, 'onNote');
  await bob.send('*', 'from the other');
  assert.equal((await answered).text, 'from the other');
  assert.deepEqual(
    bob.history.notes().map(({ isOwn }) => isOwn),
    [false, true],
  );
  const heardToo = nextNote(bob, 'onNote');
  await anna.send('*', 'from whoever has the slot');
  assert.equal((await heardToo).text, 'from whoever has the slot');
  assert.deepEqual(
    anna.history.notes().map(({ isOwn }) => isOwn),
    [false, false, true],
  );
});

test('where a message that was handed on came from is told, and not vouched for', folders, async (t) => {
  const { messenger, root } = await startFor(t);
  const via = { computer: 'PC7', authenticated: true };
  await sendMessage('messngr/ANNA', bodyFor('*', 'x', { via }), { root });
  const [note] = messenger.history.notes();
  assert.deepEqual([note?.computer, note?.authenticated, note?.to], ['PC7', false, '*']);
});

test('in a root that is shared a sender has the receipts of all', folders, async (t) => {
  const root = temporaryRoot(t);
  chmodSync(root, 0o1777);
  const agreed = { root, receipts: 'delivered' } as const;
  await startFor(t, agreed);
  await startFor(t, { ...agreed, user: 'BOB' });
  const asked = { root, from: 'carla', waitFor: 'delivered', timeout: 1_300 } as const;
  const { receipts } = await sendNote('*', 'x', asked);
  assert.deepEqual(receipts.map(({ name }) => name).sort(), ['ANNA', 'BOB']);
});
