import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { sendMessage } from '../index.js';
import { openHistory } from './history.js';
import { startMessenger } from './messenger.js';
import { bodyFor, breakDisk, nextNote, startFor, temporaryFolder, until } from './messenger.test.support.js';

const ID = '00112233445566aa';

test('a messenger alone has its names, and says once that it is alone', async (t) => {
  const { messenger, warnings } = await startFor(t, { names: ['night shift'] });
  assert.deepEqual(messenger.names(), [
    { name: '*', kind: 'everybody', state: 'yours' },
    { name: 'ALPHA', kind: 'computer', state: 'yours' },
    { name: 'ANNA', kind: 'user', state: 'yours' },
    { name: 'NIGHT SHIFT', kind: 'alias', state: 'yours' },
  ]);
  await messenger.send('*', 'one');
  await messenger.send('anna', 'two');
  assert.equal(warnings.length, 1);
  assert.match(
    String(warnings[0]),
    /^the mailslot messngr\/\*\/-?\d+\/1 hears nothing from other computers .* in no domain/,
  );
});

test('a user and a computer of one name are one name', async (t) => {
  const { messenger } = await startFor(t, { user: 'alpha' });
  assert.deepEqual(
    messenger.names().map(({ name }) => name),
    ['*', 'ALPHA'],
  );
  assert.equal((await messenger.send('*', 'x')).from, 'ALPHA');
});

test('a computer and a user may be called whatever they like', async (t) => {
  const { messenger } = await startFor(t, {
    computer: 'messenger',
    user: 'reply',
    names: ['mailslot', 'all'],
  });
  assert.deepEqual(
    messenger.names().map(({ name, state }) => `${name} ${state}`),
    ['* yours', 'MESSENGER yours', 'REPLY yours', 'MAILSLOT yours', 'ALL yours'],
  );
  for (const to of ['messenger', 'reply']) assert.equal((await messenger.send(to, 'x')).to, to.toUpperCase());
});

test('a computer that gets another name has that one, and not the one before', async (t) => {
  const before = process.env['MAILSLOT_COMPUTER'];
  t.after(() => {
    if (before === undefined) delete process.env['MAILSLOT_COMPUTER'];
    else process.env['MAILSLOT_COMPUTER'] = before;
  });
  process.env['MAILSLOT_COMPUTER'] = 'oldname';
  const { messenger, root } = await startFor(t, { computer: undefined, user: 'newname' });
  const { messenger: other } = await startFor(t, { root, computer: undefined, user: 'BOB' });
  process.env['MAILSLOT_COMPUTER'] = 'newname';
  await until(() => messenger.computer === 'NEWNAME' && other.computer === 'NEWNAME');
  await until(() => other.names().some(({ name, state }) => name === 'NEWNAME' && state === 'yours'));
  assert.deepEqual(
    other.names().map(({ name, kind }) => `${name} ${kind}`),
    ['* everybody', 'BOB user', 'NEWNAME computer'],
  );
  await assert.rejects(other.send('oldname', 'x'), { code: 'ERR_MAILSLOT_NOT_FOUND' });
  await other.send('newname', 'y');
  await until(() => messenger.history.notes().length === 1);
});

test('what is sent to all, oneself included, is shown once, as own', async (t) => {
  const { messenger } = await startFor(t);
  const sent = [await messenger.send('*', 'a'), await messenger.send('Anna', 'b', { level: 'alert' })];
  assert.deepEqual(messenger.history.notes(), sent);
  assert.deepEqual(
    sent.map(({ to, isOwn, isRead, from, level }) => [to, isOwn, isRead, from, level]),
    [
      ['*', true, true, 'ANNA', 'info'],
      ['ANNA', true, true, 'ANNA', 'alert'],
    ],
  );
  assert.equal(messenger.statistics().own, 2);
});

test('a name that nobody here has is, without a domain, an error with the next step', async (t) => {
  const { messenger } = await startFor(t);
  await assert.rejects(messenger.send('carla', 'x'), {
    code: 'ERR_MAILSLOT_NOT_FOUND',
    message: /no messenger here has the name CARLA, and this computer is in no domain.*mailslot key install/,
  });
  await assert.rejects(messenger.send('carla', 'x', { domain: 'OFFICE' }), {
    code: 'ERR_MAILSLOT_REMOTE_DISABLED',
  });
  assert.deepEqual(messenger.history.notes(), []);
});

test('what cannot be sent is refused before anything is', async (t) => {
  const { messenger } = await startFor(t);
  const wrong = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };
  await assert.rejects(messenger.send('a/b', 'x'), wrong);
  await assert.rejects(messenger.send('*', ''), wrong);
  await assert.rejects(messenger.send('*', 'x', { from: 'BOB' }), wrong);
  await assert.rejects(messenger.send('*', 'x', { level: 'loud' as 'info' }), wrong);
  await assert.rejects(messenger.send('*', 'a\ud800b'), wrong);
  await assert.rejects(messenger.send('*', 'x', { ttl: 0 }), wrong);
  await assert.rejects(messenger.send('*', 'x', { thread: 'x' }), wrong);
  await assert.rejects(messenger.send('*', 'ä'.repeat(30_001)), { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' });
  await assert.rejects(messenger.send('*', '"'.repeat(31_000)), { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' });
  assert.equal(messenger.statistics().received, 0);
  assert.equal((await messenger.send('*', 'ä'.repeat(30_000))).text.length, 30_000);
});

test('what others send is shown once, whatever is in it, and told to who listens', async (t) => {
  const { messenger, root } = await startFor(t);
  const heard = nextNote(messenger, 'onNote');
  const fields = { id: ID, level: 'warning', thread: ID } as const;
  await sendMessage('messngr/anna', bodyFor('anna', '\u001b[2J<b>', fields), { root });
  const note = await heard;
  assert.deepEqual(
    { ...note, time: 0, receivedAt: 0 },
    {
      ...{ id: ID, from: 'BOB', computer: undefined, authenticated: true, to: 'ANNA', text: '\u001b[2J<b>' },
      ...{ level: 'warning', time: 0, receivedAt: 0, ttl: undefined, thread: ID, wants: undefined },
      ...{ reply: undefined, isOwn: false, isRead: false, isNotice: false, receipts: [] },
    },
  );
  await sendMessage('messngr/ANNA', bodyFor('ANNA', 'again', { id: ID }), { root });
  await sendMessage('messngr/*', bodyFor('*', 'to all', { id: ID }), { root });
  assert.equal(messenger.history.unread, 1);
  const { received, shown, duplicates } = messenger.statistics();
  assert.deepEqual({ received, shown, duplicates }, { received: 3, shown: 1, duplicates: 2 });
});

test('what is for another slot, broken or too old is counted and not shown', async (t) => {
  const { messenger, root } = await startFor(t);
  const expired = bodyFor('ANNA', 'x', { time: Date.now() - 10_000, ttl: 5 });
  for (const body of [
    bodyFor('*', 'x'),
    bodyFor('BOB', 'x'),
    '{',
    '',
    'from\0to\0',
    '{"v":1,"kind":"new"}',
  ]) {
    await sendMessage('messngr/ANNA', body, { root });
  }
  await sendMessage('messngr/ANNA', expired, { root });
  const { malformed, shown, received } = messenger.statistics();
  assert.deepEqual(
    { malformed, shown, received, expired: messenger.statistics().expired },
    {
      ...{ malformed: 6, shown: 0, received: 7, expired: 1 },
    },
  );
  assert.deepEqual(messenger.history.notes(), []);
});

test('the old body is understood, in the code page that was chosen', async (t) => {
  const { messenger, root } = await startFor(t, { codePage: 'ibm437' });
  await sendMessage('messngr/ANNA', Buffer.from('zo\x89\0PC7\0Gr\x81\xe1e\x14!\0', 'latin1'), { root });
  const [note] = messenger.history.notes();
  assert.equal(note?.from, 'ZOË');
  assert.equal(note?.to, 'ANNA');
  assert.equal(note?.text, 'Grüße\n!');
});

test('of a flood some are shown, the rest is counted, and the history tells once', async (t) => {
  const { messenger, root } = await startFor(t, { flood: { perSecond: 0.001, burst: 3 } });
  for (let at = 0; at < 10; at += 1) await sendMessage('messngr/*', bodyFor('*', `${at}`), { root });
  const notes = messenger.history.notes();
  assert.deepEqual(
    notes.map(({ from, isNotice, level }) => [from, isNotice, level]),
    [...[0, 1, 2].map(() => ['BOB', false, 'info']), ['/MESSENGER', true, 'warning']],
  );
  assert.match(notes[3]?.text ?? '', /^BOB on ALPHA sends more/);
  const { shown, flooded, senders } = messenger.statistics();
  assert.deepEqual({ shown, flooded }, { shown: 3, flooded: 7 });
  assert.deepEqual(senders, [{ from: 'BOB', computer: undefined, shown: 3, flooded: 7 }]);
});

test('a listener that throws, or rejects, ends nothing and harms nobody else', async (t) => {
  const { messenger, root, warnings } = await startFor(t);
  messenger.onNote(() => {
    throw new Error('of the program');
  });
  messenger.onNote(async () => {
    throw new Error('of its promise');
  });
  const heard = nextNote(messenger, 'onNote');
  await sendMessage('messngr/*', bodyFor('*', 'x'), { root });
  assert.equal((await heard).text, 'x');
  await until(() =>
    ['of the program', 'of its promise'].every((text) => warnings.some((each) => each.includes(text))),
  );
  assert.equal(messenger.statistics().shown, 1);
});

test('a messenger that was closed says so, and its names are free', async (t) => {
  const { messenger, root } = await startFor(t);
  await messenger.close();
  await messenger.close();
  await assert.rejects(messenger.send('*', 'x'), { code: 'ERR_MAILSLOT_CLOSED' });
  const { messenger: next } = await startFor(t, { root });
  assert.ok(next.names().every(({ state }) => state === 'yours'));
});

test('a misspelled setting is refused', async () => {
  const wrong = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };
  await assert.rejects(startMessenger({ user: 'a/b' }), wrong);
  await assert.rejects(startMessenger({ receipts: 'all' as 'read' }), wrong);
  await assert.rejects(startMessenger({ codePage: 'ibm866' as 'ibm850' }), wrong);
  await assert.rejects(startMessenger({ flood: { perSecond: 0, burst: 1 } }), wrong);
});

test('what cannot be kept is counted and told once, and everything that came is in one of the counts', async (t) => {
  const history = temporaryFolder(t);
  const flood = { perSecond: 0.001, burst: 2 };
  const { messenger, root, warnings } = await startFor(t, { history, flood });
  const send = (body: string | Buffer): Promise<void> => sendMessage('messngr/ANNA', body, { root });
  const question = {
    v: 1,
    kind: 'who',
    id: ID,
    from: 'CARLA',
    time: Date.now(),
    name: 'ANNA',
    reply: 'messngr/C',
  };
  const answer = { v: 1, kind: 'read', from: 'BOB', time: Date.now(), of: ID };
  await send(JSON.stringify(question));
  await send(JSON.stringify(answer));
  await send(bodyFor('ANNA', 'kept', { id: ID }));
  breakDisk(history);
  for (const text of ['not kept', 'refused', 'refused']) await send(bodyFor('ANNA', text));
  const { senders, received, ...counts } = messenger.statistics();
  assert.equal(received, 6);
  assert.equal(
    Object.values(counts).reduce((sum, count) => sum + count),
    received,
  );
  assert.equal(senders.length, 1);
  const { shown, unsaved, flooded, questions, duplicates } = counts;
  assert.deepEqual([shown, unsaved, flooded, questions, duplicates], [1, 1, 2, 1, 1]);
  assert.deepEqual(
    messenger.history.notes({ with: 'bob' }).map(({ text }) => text),
    ['kept', 'not kept'],
  );
  assert.equal(warnings.filter((warning) => /cannot be kept/.test(warning)).length, 1);
});

test('what the disk has no room for is sent all the same, and a name that cannot be kept is not added', async (t) => {
  const history = temporaryFolder(t);
  const { messenger, root, warnings } = await startFor(t, { history, names: ['chosen'] });
  const { messenger: bob } = await startFor(t, { root, user: 'BOB', computer: 'BETA' });
  await messenger.addName('kept');
  breakDisk(history);
  const heard = nextNote(bob, 'onNote');
  const sent = await messenger.send('bob', 'on a full disk');
  assert.equal((await heard).id, sent.id);
  assert.deepEqual(
    messenger.history.notes().map(({ text, isOwn }) => [text, isOwn]),
    [['on a full disk', true]],
  );
  // Now it cannot even be read.
  rmSync(history);
  writeFileSync(history, '');
  assert.equal((await messenger.send('bob', 'and again')).text, 'and again');
  assert.equal(messenger.statistics().unsaved, 2);
  const told = warnings.filter((warning) =>
    /cannot be kept.* set (XDG_STATE_HOME|LOCALAPPDATA) /.test(warning),
  );
  assert.equal(told.length, 1);

  const before = messenger.names();
  const full = { message: /XDG_STATE_HOME|LOCALAPPDATA/ };
  for (const name of ['fresh', 'chosen', 'kept']) await assert.rejects(messenger.addName(name), full);
  assert.deepEqual(messenger.names(), before);
});

test('a message without a text is an error that says so', async (t) => {
  const { messenger } = await startFor(t);
  await assert.rejects(messenger.send('*', ''), {
    code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
    message: /^the message has no text; /,
  });
  assert.equal(messenger.statistics().received, 0);
});

test('nobody can speak as the messenger itself', async (t) => {
  const { messenger, root } = await startFor(t);
  await sendMessage('messngr/ANNA', bodyFor('ANNA', 'x', { from: '/MESSENGER' }), { root });
  assert.equal(messenger.statistics().malformed, 1);
  await assert.rejects(messenger.addName('/messenger'), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
});

test('what was shown while the disk failed is written when it takes something again', async (t) => {
  const history = temporaryFolder(t);
  const { messenger, root } = await startFor(t, { history });
  breakDisk(history);
  for (const text of ['one', 'two']) await sendMessage('messngr/ANNA', bodyFor('ANNA', text), { root });
  await messenger.send('*', 'three');
  assert.equal(messenger.statistics().unsaved, 3);
  assert.throws(() => messenger.history.markRead(messenger.history.notes()[0]?.id ?? ''));
  rmSync(history);
  mkdirSync(history, { mode: 0o700 });
  // Nothing else has to come for that.
  await until(() => openHistory(history).notes().length === 3);
  assert.deepEqual(openHistory(history).notes(), messenger.history.notes());
});

test('a message that comes while the history cannot be read is shown, kept for later, and warned of once', async (t) => {
  const history = temporaryFolder(t);
  const { messenger, root, warnings } = await startFor(t, { history });
  const shown: string[] = [];
  messenger.onNote(({ text }) => shown.push(text));
  renameSync(history, `${history}-away`);
  writeFileSync(history, '');
  for (const text of ['one', 'two']) await sendMessage('messngr/ANNA', bodyFor('ANNA', text), { root });
  await until(() => messenger.statistics().unsaved === 2);
  assert.deepEqual(shown, ['one', 'two']);
  assert.equal(warnings.filter((warning) => /cannot be kept/.test(warning)).length, 1);
  rmSync(history);
  renameSync(`${history}-away`, history);
  await sendMessage('messngr/ANNA', bodyFor('ANNA', 'three'), { root });
  await until(() => openHistory(history).notes().length === 3);
  assert.deepEqual(openHistory(history).notes(), messenger.history.notes());
});

test('a folder that was removed is made again, with the names, and that is told', async (t) => {
  const history = temporaryFolder(t);
  const { messenger, root } = await startFor(t, { history });
  await messenger.addName('night shift');
  await sendMessage('messngr/ANNA', bodyFor('ANNA', 'before'), { root });
  for (const text of ['after', 'after that']) {
    rmSync(history, { recursive: true });
    // Nobody finds meanwhile that there are no names.
    await until(() => !existsSync(history));
    await sendMessage('messngr/ANNA', bodyFor('ANNA', text), { root });
    const kept = openHistory(history).notes();
    assert.deepEqual(
      kept.map((note) => (note.isNotice ? 'notice' : note.text)),
      ['notice', text],
    );
    assert.match(kept[0]?.text ?? '', /was removed, and has been made again/);
    assert.equal(messenger.names().at(-1)?.state, 'yours');
  }
  assert.equal(messenger.statistics().unsaved, 0);
  // Another process is heard again.
  const heard = nextNote(messenger, 'onChange');
  const { id = '' } = messenger.history.notes()[0] ?? {};
  const other = openHistory(history);
  other.markRead(other.notes().at(-1)?.id ?? '');
  assert.notEqual((await heard).id, id);
});
