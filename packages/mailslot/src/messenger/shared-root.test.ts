import assert from 'node:assert/strict';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMailslot, sendMessage } from '../index.js';
import { MEMBERS_PER_USER } from '../limits.js';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';
import { bodyFor, startFor, type TestMessenger, until } from './messenger.test.support.js';
import { listNames } from './name-list.js';
import { sendNote } from './send-note.js';

const folders = { skip: process.platform === 'win32' ? 'a root of all users is a matter of modes' : false };

function texts({ messenger }: Pick<TestMessenger, 'messenger'>): string[] {
  return messenger.history.notes().map(({ text }) => text);
}

for (const mode of [0o700, 0o1777]) {
  const where = mode === 0o700 ? "of one user's root" : 'of a root that is shared';
  test(`every messenger ${where} hears what is for everybody, once`, folders, async (t) => {
    const root = temporaryRoot(t);
    chmodSync(root, mode);
    const anna = await startFor(t, { root });
    const bob = await startFor(t, { root, user: 'BOB', names: ['NIGHT SHIFT'] });
    const again = await startFor(t, { root });
    assert.deepEqual(
      again.messenger.names().map(({ name, state }) => `${name} ${state}`),
      ['* yours', 'ALPHA yours', 'ANNA taken'],
    );
    const all = [anna, bob, again];
    await sendNote('*', 'one', { root });
    await bob.messenger.send('*', 'two');
    await sendNote('alpha', 'to the computer', { root });
    // As programs of this computer do that know nothing of members.
    await sendMessage('messngr/*', bodyFor('*', 'three'), { root });
    await until(() => all.every((each) => texts(each).length === 4));
    for (const each of all) {
      assert.deepEqual(texts(each).toSorted(), ['one', 'three', 'to the computer', 'two']);
      const { duplicates, malformed, own } = each.messenger.statistics();
      assert.deepEqual(
        { duplicates, malformed, own },
        { duplicates: 0, malformed: 0, own: Number(each === bob) },
      );
    }
    for (const note of again.messenger.history.notes())
      assert.deepEqual([note.computer, note.authenticated], [undefined, true]);
  });
}

test(
  'of one user sixteen messengers hear what is for everybody, and one more as soon as a place is free',
  folders,
  async (t) => {
    const root = temporaryRoot(t);
    const messengers: TestMessenger[] = [];
    for (let count = 0; count < MEMBERS_PER_USER; count += 1) messengers.push(await startFor(t, { root }));
    const late = await startFor(t, { root });
    assert.equal(late.messenger.names()[0]?.state, 'taken');
    await sendNote('*', 'to sixteen', { root });
    await until(() => messengers.every((each) => texts(each).length === 1));
    assert.deepEqual(texts(late), []);
    await messengers[7]?.messenger.close();
    await until(() => late.messenger.names()[0]?.state === 'yours');
    await sendNote('*', 'to the late one, too', { root });
    await until(() => texts(late).length === 1);
  },
);

test('who does not take a message keeps its sender for some time only', folders, async (t) => {
  const root = temporaryRoot(t);
  for (const name of [`messngr/*/${process.geteuid?.()}/1`, 'messngr/BOB']) {
    const full = await createMailslot(name, { root, maxMessageSize: 10_000, queue: { bytes: 10_100 } });
    t.after(() => full.close());
    await sendMessage(name, Buffer.alloc(10_000), { root });
  }
  const late = { code: 'ERR_MAILSLOT_TIMEOUT', message: /process(es)? may be stopped or busy/ };
  await Promise.all([
    assert.rejects(sendNote('*', 'x', { root }), late),
    assert.rejects(sendNote('bob', 'x', { root, anyway: true }), late),
  ]);
});

test('another messenger has the place of one that ended', folders, async (t) => {
  const root = temporaryRoot(t);
  const first = await startFor(t, { root });
  const second = await startFor(t, { root });
  await first.messenger.close();
  await sendNote('*', 'after the first', { root });
  await until(() => texts(second).length === 1);
  const third = await startFor(t, { root });
  await sendNote('*', 'to both', { root });
  await until(() => texts(second).length === 2 && texts(third).length === 1);
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

const asRoot = { skip: process.geteuid?.() === 0 ? false : 'needs root, to give a folder to another user' };

test('whose name another account has hears of it, and has it as soon as it is free', asRoot, async (t) => {
  const root = temporaryRoot(t);
  chmodSync(root, 0o1777);
  const user = `UID ${process.geteuid?.()}`;
  const squatted = await createMailslot(`messngr/${user}`, { root });
  const folders = readdirSync(root).map((name) => join(root, name));
  for (const folder of folders) chownSync(folder, 4321, 4321);
  const { messenger } = await startFor(t, { root, user });
  const own = { name: user, kind: 'user', state: 'taken', squatter: 4321 };
  const isOwn = ({ kind }: { kind: string }): boolean => kind === 'user';
  assert.deepEqual(messenger.names().find(isOwn), own);
  assert.deepEqual((await listNames({ root, user, history: '/nonexistent' })).find(isOwn), own);
  assert.match(texts({ messenger }).join(), new RegExp(`^uid 4321 has your name ${user} on this computer`));
  for (const folder of folders) chownSync(folder, 0, 0);
  await squatted.close();
  await until(() => messenger.names().find(isOwn)?.state === 'yours');
  assert.equal(messenger.names().find(isOwn)?.squatter, undefined);
});
