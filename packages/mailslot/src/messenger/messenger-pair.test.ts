import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMailslot, sendMessage } from '../index.js';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';
import { openHistory } from './history.js';
import { bodyFor, nextNote, startFor, temporaryFolder, until } from './messenger.test.support.js';
import { addName, listNames, removeName } from './name-list.js';
import { sendNote } from './send-note.js';

test('two processes with one history show the same, and the second takes the names over', async (t) => {
  const [root, history] = [temporaryRoot(t), temporaryFolder(t)];
  const { messenger: first } = await startFor(t, { root, history });
  const { messenger: second } = await startFor(t, { root, history });
  assert.deepEqual(
    second.names().map(({ name, state }) => `${name} ${state}`),
    ['* yours', 'ALPHA yours', 'ANNA taken'],
  );

  const shown = nextNote(second, 'onNote');
  await sendMessage('messngr/ANNA', bodyFor('ANNA', 'to the first'), { root });
  assert.equal((await shown).text, 'to the first');

  const own = nextNote(first, 'onNote');
  const sent = await second.send('*', 'from the second');
  assert.deepEqual(await own, sent);
  assert.equal(first.history.notes().length, 2);
  const toAll = nextNote(first, 'onNote');
  await sendNote('*', 'to all', { root });
  assert.equal((await toAll).text, 'to all');
  assert.deepEqual(
    [first, second].map(({ history }) => history.notes().length),
    [3, 3],
  );

  await first.close();
  await until(() => second.names().every(({ state }) => state === 'yours'));
  await sendMessage('messngr/ANNA', bodyFor('ANNA', 'to the second'), { root });
  assert.deepEqual(
    second.history.notes().map(({ text }) => text),
    ['to the first', 'from the second', 'to all', 'to the second'],
  );
});

test('a person confirms in one process, and the other tells the sender', async (t) => {
  const [root, history] = [temporaryRoot(t), temporaryFolder(t)];
  const { messenger } = await startFor(t, { root, history, receipts: 'read' });
  const { messenger: bob } = await startFor(t, { root, user: 'BOB', computer: 'BETA' });
  const delivered = nextNote(bob, 'onChange');
  const sent = await bob.send('anna', 'read this', { wants: 'read' });
  assert.deepEqual(
    (await delivered).receipts.map(({ name, kind }) => [name, kind]),
    [['ANNA', 'delivered']],
  );
  const changed = nextNote(messenger, 'onChange');
  const read = nextNote(bob, 'onChange');
  openHistory(history).markRead(sent.id);
  assert.equal((await changed).isRead, true);
  assert.deepEqual(
    (await read).receipts.map(({ name, kind, computer }) => [name, kind, computer]),
    [
      ['ANNA', 'delivered', undefined],
      ['ANNA', 'read', undefined],
    ],
  );
  assert.equal(bob.statistics().receipts, 2);
});

test('receipts are given to who asks for them, and only by who agreed', async (t) => {
  const root = temporaryRoot(t);
  const { messenger: silent } = await startFor(t, { root });
  const { messenger: open } = await startFor(t, {
    root,
    user: 'CARLA',
    computer: 'C',
    receipts: 'delivered',
  });
  const waitFor = 'delivered' as const;
  await assert.rejects(sendNote('anna', 'x', { root, from: 'bob', waitFor, timeout: 100 }), {
    code: 'ERR_MAILSLOT_TIMEOUT',
    message: /nobody has said within 100 ms that the message to ANNA was delivered/,
  });
  const { receipts, id } = await sendNote('carla', 'x', { root, from: 'bob', waitFor });
  assert.deepEqual(
    receipts.map(({ name, kind }) => [name, kind]),
    [['CARLA', 'delivered']],
  );
  assert.equal(open.history.notes()[0]?.id, id);
  await assert.rejects(sendNote('carla', 'x', { root, waitFor: 'read', signal: AbortSignal.timeout(100) }), {
    name: 'TimeoutError',
  });
  const { receipts: none, reached } = await sendNote('anna', 'y', { root });
  assert.deepEqual({ none, reached }, { none: [], reached: 'here' });
  assert.deepEqual(
    silent.history.notes().map(({ text, wants }) => [text, wants]),
    [
      ['x', 'delivered'],
      ['y', undefined],
    ],
  );
});

test('nobody can have a messenger write to a slot that is not for receipts', async (t) => {
  const root = temporaryRoot(t);
  const { messenger } = await startFor(t, { root, receipts: 'delivered' });
  const victim = await createMailslot('app/events', { root });
  t.after(() => victim.close());
  const body = JSON.parse(bodyFor('ANNA', 'x', { wants: 'delivered' }).toString());
  for (const reply of ['app/events', 'messngr/../app/events', 'messngr/*', '//X/mailslot/messngr/A']) {
    await sendMessage('messngr/ANNA', JSON.stringify({ ...body, reply }), { root });
  }
  assert.equal(messenger.statistics().malformed, 4);
  assert.equal(victim.info().messageCount, 0);
});

test('without a messenger there is nobody to send to', async (t) => {
  const root = temporaryRoot(t);
  await assert.rejects(sendNote('*', 'x', { root }), {
    code: 'ERR_MAILSLOT_NOT_FOUND',
    message: /no messenger runs on this computer.*mailslot serve --page/,
  });
  await assert.rejects(sendNote('*', 'x', { root, waitFor: 'read' }), {
    code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
  });
});

test('an alias is kept, refused where somebody has it, and given back', async (t) => {
  const [root, history] = [temporaryRoot(t), temporaryFolder(t)];
  const { messenger } = await startFor(t, { root, history });
  await messenger.addName('night shift');
  const { messenger: bob } = await startFor(t, { root, user: 'BOB', computer: 'BETA' });
  const taken = { code: 'ERR_MAILSLOT_ALREADY_EXISTS' };
  await assert.rejects(bob.addName('Night Shift'), taken);
  await assert.rejects(bob.addName('anna'), taken);
  assert.equal(bob.names().length, 3);
  assert.equal(readFileSync(join(history, 'names.json'), 'utf8'), '{"aliases":["NIGHT SHIFT"]}\n');
  assert.equal((await messenger.send('*', 'x', { from: 'night shift' })).from, 'NIGHT SHIFT');

  await messenger.removeName('NIGHT SHIFT');
  await bob.addName('Night Shift');
  const none = { code: 'ERR_MAILSLOT_NOT_FOUND' };
  await assert.rejects(messenger.removeName('night shift'), none);
  await assert.rejects(messenger.removeName('anna'), none);
  assert.equal(readFileSync(join(history, 'names.json'), 'utf8'), '{"aliases":[]}\n');
});

test('names are changed in the file, and a messenger that runs follows', async (t) => {
  const [root, history] = [temporaryRoot(t), temporaryFolder(t)];
  const who = { root, history, computer: 'ALPHA', user: 'ANNA' };
  await addName('before', who);
  const { messenger } = await startFor(t, who);
  await addName('meanwhile', who);
  const aliases = (): string[] =>
    messenger
      .names()
      .flatMap(({ name, kind, state }) => (kind === 'alias' && state === 'yours' ? [name] : []));
  await until(() => aliases().join() === 'BEFORE,MEANWHILE');
  assert.deepEqual(
    (await listNames(who)).map(({ name, kind, state }) => `${name} ${kind} ${state}`),
    [
      'ALPHA computer yours',
      'ANNA user yours',
      'BEFORE alias yours',
      'MEANWHILE alias yours',
      '* everybody yours',
    ],
  );
  const own = { code: 'ERR_MAILSLOT_ALREADY_EXISTS', message: /^ANNA is your own name/ };
  await assert.rejects(addName('anna', who), own);
  await assert.rejects(messenger.addName('anna'), own);
  await removeName('before', who);
  await assert.rejects(removeName('before', who), { code: 'ERR_MAILSLOT_NOT_FOUND' });
  await until(() => aliases().join() === 'MEANWHILE');
  await messenger.close();
  assert.ok((await listNames(who)).every(({ state }) => state === 'free'));
});
