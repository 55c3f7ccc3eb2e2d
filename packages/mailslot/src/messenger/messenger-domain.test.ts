import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { computer, newDomain } from '../daemon/daemon.test.support.js';
import { callRedirector, createMailslot, sendMessage } from '../index.js';
import { closedAfter } from '../msfs/temp-root.test.support.js';
import { bodyFor, nextNote, startFor, temporaryFolder, until } from './messenger.test.support.js';
import { addName } from './name-list.js';
import { sendNote } from './send-note.js';

const needsLan = { skip: process.platform === 'win32' ? 'needs multicast on loopback' : false };

test('people of one domain reach each other by name, and all at once, with receipts', needsLan, async (t) => {
  const { config } = newDomain();
  const [alpha, beta] = [await computer(t, 'ALPHA', [config]), await computer(t, 'BETA', [config])];
  const { messenger: anna, warnings } = await startFor(t, { root: alpha.root });
  const there = { root: beta.root, user: 'BOB', computer: 'BETA', receipts: 'read' } as const;
  const { messenger: bob } = await startFor(t, there);

  const heard = nextNote(bob, 'onNote');
  const delivered = nextNote(anna, 'onChange');
  const sent = await anna.send('bob', 'lunch?', { wants: 'read' });
  const note = await heard;
  assert.deepEqual(
    { ...note, receivedAt: 0 },
    { ...sent, computer: 'ALPHA', isOwn: false, isRead: false, receivedAt: 0 },
  );
  assert.deepEqual(
    (await delivered).receipts.map(({ name, computer, kind }) => [name, computer, kind]),
    [['BOB', 'BETA', 'delivered']],
  );
  const read = nextNote(anna, 'onChange');
  await bob.confirm(note.id);
  assert.equal((await read).receipts[1]?.kind, 'read');

  const toAll = nextNote(bob, 'onNote');
  await anna.send('*', 'to all', { wants: 'delivered' });
  assert.equal((await toAll).text, 'to all');
  await until(() => anna.statistics().own === 1);
  assert.equal(anna.history.notes().length, 2);

  assert.deepEqual(warnings, []);
});

test(
  'every messenger of a computer hears what is for all of it, once, and each what is for its own name',
  needsLan,
  async (t) => {
    const { config } = newDomain();
    const [alpha, beta] = [await computer(t, 'ALPHA', [config]), await computer(t, 'BETA', [config])];
    const { messenger: anna } = await startFor(t, { root: alpha.root });
    const { messenger: dora } = await startFor(t, { root: alpha.root, user: 'DORA' });
    const { messenger: bob } = await startFor(t, { root: beta.root, user: 'BOB', computer: 'BETA' });
    for (const to of ['*', 'alpha', 'dora']) await bob.send(to, `to ${to}`);
    await anna.send('*', 'of anna');
    const texts = ({ history }: typeof anna): string[] => history.notes().map(({ text }) => text);
    await until(() => texts(dora).length === 4 && texts(bob).length === 4 && texts(anna).length === 3);
    assert.deepEqual(texts(anna), ['to *', 'to alpha', 'of anna']);
    assert.deepEqual(texts(dora), ['to *', 'to alpha', 'to dora', 'of anna']);
    assert.deepEqual(texts(bob), ['to *', 'to alpha', 'to dora', 'of anna']);
    for (const { history } of [anna, dora]) {
      const [note] = history.notes();
      assert.deepEqual([note?.computer, note?.authenticated], ['BETA', true]);
    }
    assert.ok(dora.names().every(({ state }) => state === 'yours'));
    await until(() => anna.statistics().own === 1);
    for (const messenger of [anna, dora]) {
      const { duplicates, malformed } = messenger.statistics();
      assert.deepEqual([duplicates, malformed], [0, 0]);
    }
  },
);

test('a computer is called what its redirector says, also when that changes', needsLan, async (t) => {
  const { config } = newDomain();
  const [alpha, beta] = [await computer(t, 'ALPHA', [config]), await computer(t, 'BETA', [config])];
  const { messenger: anna } = await startFor(t, { root: alpha.root, computer: undefined });
  const { messenger: bob } = await startFor(t, { root: beta.root, user: 'BOB', computer: 'BETA' });
  assert.equal(anna.computer, 'ALPHA');
  const shown = (): string[] => anna.names().map(({ name, kind, state }) => `${name} ${kind} ${state}`);
  assert.deepEqual(shown(), ['* everybody yours', 'ALPHA computer yours', 'ANNA user yours']);
  writeFileSync(`${alpha.root}/config.json`, JSON.stringify({ computer: 'Gamma', domains: [config] }));
  for await (const _ of callRedirector({ do: 'reload' }, { root: alpha.root }));
  await until(() => shown().includes('GAMMA computer yours'));
  assert.deepEqual(shown().toSorted(), ['* everybody yours', 'ANNA user yours', 'GAMMA computer yours']);
  await bob.send('gamma', 'to the new name');
  await until(() => anna.history.notes().length === 1);
  await assert.rejects(bob.send('alpha', 'to the old one'), { code: 'ERR_MAILSLOT_NOT_FOUND' });
});

test('a name is refused that somebody elsewhere has', needsLan, async (t) => {
  const { config } = newDomain();
  const [alpha, beta] = [await computer(t, 'ALPHA', [config]), await computer(t, 'BETA', [config])];
  const { messenger: anna } = await startFor(t, { root: alpha.root });
  const { messenger: bob } = await startFor(t, { root: beta.root, user: 'BOB', computer: 'BETA' });
  const taken = { code: 'ERR_MAILSLOT_ALREADY_EXISTS' };
  await anna.addName('night shift');
  await assert.rejects(bob.addName('night shift'), taken);
  await assert.rejects(bob.addName('alpha'), taken);
  const who = { root: beta.root, history: temporaryFolder(t), computer: 'BETA', user: 'BOB' };
  await assert.rejects(addName('night shift', who), taken);

  // Of two that ask at once one gets it.
  const outcomes = await Promise.allSettled([anna.addName('front desk'), bob.addName('front desk')]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const { messenger: late } = await startFor(t, {
    root: beta.root,
    user: 'C',
    computer: 'D',
    names: ['night shift'],
  });
  assert.deepEqual(late.names().at(-1), { name: 'NIGHT SHIFT', kind: 'alias', state: 'taken' });
});

test(
  'a name that nobody answers to is an error, with those that may have been meant',
  needsLan,
  async (t) => {
    const { config } = newDomain();
    const [alpha, beta] = [await computer(t, 'ALPHA', [config]), await computer(t, 'BETA', [config])];
    const { messenger: anna } = await startFor(t, { root: alpha.root });
    const { messenger: bob } = await startFor(t, { root: beta.root, user: 'BOBBY', computer: 'BETA' });
    await anna.send('bobby', 'x');
    const nobody = {
      code: 'ERR_MAILSLOT_NOT_FOUND',
      message: /^nobody in TEST answers to BOBY. Did you mean .*BOBBY/,
    };
    await assert.rejects(anna.send('boby', 'x'), nobody);
    await assert.rejects(sendNote('betta', 'x', { root: alpha.root }), { message: /Did you mean BETA\?/ });
    await assert.rejects(sendNote('zoë', 'x', { root: alpha.root, domain: 'test' }), {
      message: /nobody in TEST answers to ZOË/,
    });
    assert.equal(anna.history.notes().length, 1);
    assert.equal((await anna.send('boby', 'x', { anyway: true })).to, 'BOBY');
    for (const to of ['bobby', 'beta', 'anna', 'alpha'])
      assert.equal((await sendNote(to, 'y', { root: alpha.root, from: 'carla' })).reached, 'domain');
    await until(() => bob.history.notes().length === 3);
    const aborted = sendNote('boby', 'x', { root: alpha.root, signal: AbortSignal.timeout(50) });
    await assert.rejects(aborted, { name: 'TimeoutError' });
  },
);

test('where nothing leads to others, nothing is said to be sent to them', needsLan, async (t) => {
  const { config } = newDomain();
  const alone = { ...config, lan: { interfaces: ['none0'] } };
  const { root } = await computer(t, 'ALPHA', [alone]);
  const cutOff = { code: 'ERR_MAILSLOT_BAD_NETPATH', message: /sent nothing.* no interface is in use/ };
  await assert.rejects(sendNote('*', 'x', { root }), cutOff);
  const { messenger: anna } = await startFor(t, { root });
  assert.equal((await sendNote('*', 'x', { root })).reached, 'here');
  assert.equal((await sendNote('anna', 'y', { root })).reached, 'here');
  await assert.rejects(sendNote('bob', 'z', { root }), cutOff);
  await until(() => anna.history.notes().length === 2);
});

test(
  'with a transport that is cut off, a message goes to whoever is here, and that is told',
  needsLan,
  async (t) => {
    const nats = { servers: ['nats://a.example:4222'] };
    // This program brings no NATS, so that nothing is carried.
    const { root } = await computer(t, 'ALPHA', [newDomain('TEST', { lan: false, nats }).config]);
    const cutOff = { code: 'ERR_MAILSLOT_BAD_NETPATH', message: /sent nothing/ };
    await assert.rejects(sendNote('*', 'x', { root }), cutOff);
    const { messenger: anna } = await startFor(t, { root });
    for (const to of ['*', 'anna', 'alpha']) assert.equal((await sendNote(to, to, { root })).reached, 'here');
    for (const anyway of [false, true]) await assert.rejects(sendNote('bob', 'x', { root, anyway }), cutOff);
    await anna.send('*', 'of anna');
    await until(() => anna.history.notes().length === 5);
    assert.deepEqual(
      anna.history.notes().map(({ text, isNotice }) => (isNotice ? 'notice' : text)),
      ['*', 'anna', 'alpha', 'notice', 'of anna'],
    );
  },
);

test('who only sends is told who has read it', needsLan, async (t) => {
  const { config } = newDomain();
  const [alpha, beta] = [await computer(t, 'ALPHA', [config]), await computer(t, 'BETA', [config])];
  const { messenger } = await startFor(t, {
    root: beta.root,
    user: 'BOB',
    computer: 'BETA',
    receipts: 'read',
  });
  messenger.onNote((note) => void messenger.confirm(note.id));
  const { receipts, reached } = await sendNote('bob', 'x', {
    root: alpha.root,
    from: 'anna',
    waitFor: 'read',
  });
  assert.equal(reached, 'domain');
  assert.deepEqual(
    receipts.map(({ name, computer, kind }) => [name, computer, kind]),
    [['BOB', 'BETA', 'read']],
  );
  const all = await sendNote('*', 'y', { root: alpha.root, from: 'anna', waitFor: 'read', timeout: 1_500 });
  assert.equal(all.receipts.length, 1);
  await assert.rejects(
    sendNote('carla', 'z', { root: alpha.root, waitFor: 'read', timeout: 50, anyway: true }),
    {
      code: 'ERR_MAILSLOT_TIMEOUT',
    },
  );
});

test('nobody can say of a message that it comes from elsewhere', needsLan, async (t) => {
  const { config } = newDomain();
  const [alpha, beta] = [await computer(t, 'ALPHA', [config]), await computer(t, 'BETA', [config])];
  const { messenger } = await startFor(t, { root: beta.root, user: 'BOB', computer: 'BETA' });
  const withVia = (to: string, text: string): string => {
    const via = { computer: 'BOSS', authenticated: true };
    return JSON.stringify({ ...JSON.parse(bodyFor(to, text).toString()), via });
  };
  await sendMessage('//BETA/mailslot/messngr/BOB', withVia('*', 'x'), { root: alpha.root });
  await until(() => messenger.statistics().malformed === 1);
  const heard = nextNote(messenger, 'onNote');
  await sendMessage('//BETA/mailslot/messngr/BOB', withVia('BOB', 'y'), { root: alpha.root });
  const { computer: from, authenticated } = await heard;
  assert.deepEqual({ from, authenticated }, { from: 'ALPHA', authenticated: true });
});

test(
  'a domain that this computer is not in is an error, even where a computer has that name',
  needsLan,
  async (t) => {
    const { config } = newDomain();
    const [alpha, beta] = [await computer(t, 'ALPHA', [config]), await computer(t, 'BETA', [config])];
    const { messenger: anna } = await startFor(t, { root: alpha.root });
    const { messenger: bob } = await startFor(t, { root: beta.root, user: 'BOB', computer: 'BETA' });
    const strange = {
      code: 'ERR_MAILSLOT_NOT_FOUND',
      message: /not in a domain beta, but in TEST: .*mailslot key install/,
    };
    await assert.rejects(anna.send('*', 'x', { domain: 'beta' }), strange);
    await assert.rejects(sendNote('bob', 'x', { root: alpha.root, domain: 'beta' }), strange);
    const heard = nextNote(bob, 'onNote');
    await anna.send('*', 'to all', { domain: 'test' });
    assert.equal((await heard).text, 'to all');
    assert.equal(bob.statistics().received, 1);
  },
);

test('who writes to the name of an account that another one has here is told so', needsLan, async (t) => {
  const { config } = newDomain();
  const { root } = await computer(t, 'ALPHA', [config]);
  chmodSync(root, 0o1777);
  const { messenger: anna } = await startFor(t, { root });
  // What a user whom no account names is called; we are another one.
  closedAfter(t, await createMailslot('messngr/UID 4321', { root }));
  await assert.rejects(anna.send('uid 4321', 'secret'), {
    code: 'ERR_MAILSLOT_ACCESS_DENIED',
    message:
      /^the mailslot messngr\/UID 4321 is had by uid \d+, and not by the user of that name: nothing was sent/,
  });
  await anna.send('uid 4321', 'to others of that name', { anyway: true });
  const [notice] = anna.history.notes().filter(({ isNotice }) => isNotice);
  assert.match(notice?.text ?? '', /^uid \d+, who is not the user UID 4321, has that name on this computer/);
});
