import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createMailslot, MailslotError, type OpenOptions, openMailslot, sendMessage } from '../../index.js';
import { parseName } from '../../name/slot-name.js';
import { realPorts } from '../../ports/ports.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { fakeServer, finderOf } from '../fake-server.test.support.js';
import { openClient } from '../open.js';
import { drain, slotIn } from '../pair.test.support.js';
import { closedAfter, portsWith, stateOf, temporaryRoot } from '../temp-root.test.support.js';
import { encodeGreeting } from '../wire/greeting.js';

test('a slot is found by every spelling of its name, and says the one of its creation', async (t) => {
  const root = temporaryRoot(t);
  const slot = closedAfter(t, await createMailslot('App/Évents', { root }));
  const spellings = ['App/Évents', 'APP\\éVENTS', '//./mailslot/app/évents', '\\\\.\\MAILSLOT\\app\\Évents'];
  for (const spelling of spellings) {
    const client = closedAfter(t, await openMailslot(spelling, { root }));
    assert.equal(client.name, 'App/Évents');
    await client.write(spelling);
  }
  assert.deepEqual(drain(slot), spellings);
});

test('the longest name of all has a slot', async (t) => {
  const root = temporaryRoot(t);
  const name = `${'é/'.repeat(16_374)}é`;
  assert.equal(name.length, 32_749);
  const slot = closedAfter(t, await createMailslot(name, { root }));
  const client = closedAfter(t, await openMailslot(name.toUpperCase(), { root }));
  await client.write('a');
  assert.equal((await client.info()).name, name);
  assert.deepEqual(drain(slot), ['a']);
});

test('a name without a slot is not found, and the error names the root that was searched', async (t) => {
  const root = temporaryRoot(t);
  for (const open of [openMailslot('no/such', { root }), sendMessage('no/such', 'x', { root })]) {
    await assert.rejects(open, (error) => {
      assert.ok(
        error instanceof MailslotError && error.code === 'ERR_MAILSLOT_NOT_FOUND' && error.win32Number === 2,
      );
      return error.message.includes(root) && error.message.includes('no/such');
    });
  }
  const missing = join(root, 'missing');
  await assert.rejects(openMailslot('a', { root: missing }), { code: 'ERR_MAILSLOT_NOT_FOUND' });
});

test('a slot that was closed is not found', async (t) => {
  const slot = await slotIn(t);
  void slot.close();
  await assert.rejects(openMailslot(slot.name, { root: slot.root }), { code: 'ERR_MAILSLOT_NOT_FOUND' });
});

test('other computers and domains need a domain, and bad names are bad', async (t) => {
  const root = temporaryRoot(t);
  for (const open of [
    openMailslot('//host/mailslot/a', { root }),
    sendMessage('\\\\host\\mailslot\\a', 'x', { root }),
  ]) {
    await assert.rejects(open, {
      code: 'ERR_MAILSLOT_REMOTE_DISABLED',
      win32Number: 3025,
      message: /mailslot key new/,
    });
  }
  await assert.rejects(openMailslot('a//b', { root }), { code: 'ERR_MAILSLOT_INVALID_NAME' });
});

test('the own domain is this computer alone while it is in none, and that is said', async (t) => {
  const slot = await slotIn(t);
  const warned = once(process, 'warning');
  await sendMessage(`//*/mailslot/${slot.name}`, 'one', { root: slot.root });
  const [warning] = await warned;
  assert.match(String(warning.message), /means the local slot .* in no domain/);
  const client = await openMailslot(`\\\\*\\mailslot\\${slot.name}`, { root: slot.root });
  await client.write('two');
  await client.close();
  assert.deepEqual([slot.tryRead()?.text(), slot.tryRead()?.text()], ['one', 'two']);
});

for (const [what, options] of [
  ['bufferBytes', { bufferBytes: 0 }],
  ['bufferBytes', { bufferBytes: 1.5 }],
  ['bufferBytes', { bufferBytes: Number.POSITIVE_INFINITY }],
  ['bufferBytes', { bufferBytes: '1' }],
  ['wait', { wait: -1 }],
  ['wait', { wait: Number.NaN }],
  ['wait', { wait: '5s' }],
  ['wait', { wait: true }],
  ['wait', { wait: null }],
  ['root', { root: '' }],
  ['root', { root: null }],
] as const) {
  test(`${what} in ${JSON.stringify(options)} is refused with its name`, async (t) => {
    const given = { root: temporaryRoot(t), ...options } as unknown as OpenOptions;
    await assert.rejects(openMailslot('a', given), {
      code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
      message: new RegExp(`^${what} (is|must be) `),
    });
  });
}

test('who waits is let in when the slot comes', async (t) => {
  const root = temporaryRoot(t);
  const { signal } = new AbortController();
  const clients = [
    openMailslot('a', { root, wait: 60_000 }),
    openMailslot('a', { root, wait: signal }),
    openMailslot('A', { root, wait: Number.POSITIVE_INFINITY, signal }),
  ];
  const sent = sendMessage('a', 'sent', { root, wait: 60_000, signal });
  const other = closedAfter(t, await createMailslot('b', { root }));
  for (const client of clients) assert.equal(await stateOf(client), 'pending');
  const slot = closedAfter(t, await createMailslot('a', { root }));
  for (const client of clients) await closedAfter(t, await client).write('a');
  await sent;
  assert.deepEqual(drain(slot).sort(), ['a', 'a', 'a', 'sent']);
  assert.deepEqual(drain(other), []);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('who waits is let in when the root comes, and its slot', async (t) => {
  const root = join(temporaryRoot(t), 'later');
  const client = openMailslot('a', { root, wait: 60_000 });
  closedAfter(t, await createMailslot('a', { root }));
  closedAfter(t, await client);
});

test('who waits does not wait for what is there', async (t) => {
  const slot = await slotIn(t);
  closedAfter(t, await openMailslot(slot.name, { root: slot.root, wait: 60_000 }));
});

test('who has waited long enough is told how long and where', async (t) => {
  const root = temporaryRoot(t);
  for (const wait of [0, 1, 20]) {
    const refused = {
      code: 'ERR_MAILSLOT_TIMEOUT',
      message: `no mailslot a appeared in ${root} within ${wait} ms`,
    };
    await assert.rejects(openMailslot('a', { root, wait }), refused);
    await assert.rejects(sendMessage('a', 'x', { root, wait }), refused);
  }
});

test('each of the signals ends the wait, with its reason', async (t) => {
  const root = temporaryRoot(t);
  const reason = new Error('changed my mind');
  for (const which of ['wait', 'signal'] as const) {
    const controllers = { wait: new AbortController(), signal: new AbortController() };
    const { wait, signal } = controllers;
    const opening = openMailslot('a', { root, wait: wait.signal, signal: signal.signal });
    assert.equal(await stateOf(opening), 'pending');
    controllers[which].abort(reason);
    await assert.rejects(opening, reason);
    assert.deepEqual(
      [wait, signal].flatMap((each) => getEventListeners(each.signal, 'abort')),
      [],
    );
  }
});

test('a signal that was aborted before ends it before it begins, and leaves nothing on the other', async (t) => {
  const slot = await slotIn(t);
  const { root } = slot;
  const reason = new Error('changed my mind');
  const aborted = AbortSignal.abort(reason);
  const { signal } = new AbortController();
  await assert.rejects(openMailslot(slot.name, { root, signal: aborted }), reason);
  await assert.rejects(sendMessage(slot.name, 'x', { root, signal: aborted }), reason);
  await assert.rejects(openMailslot(slot.name, { root, signal: aborted, wait: signal }), reason);
  await assert.rejects(openMailslot(slot.name, { root, signal, wait: aborted }), reason);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
  assert.deepEqual(drain(slot), []);
});

test('a wait that cannot begin leaves no alarm and nothing on its signal', async () => {
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const unwatchable = {
    ...finderOf('/nowhere'),
    watch: () => {
      throw new MailslotError('ERR_MAILSLOT_UNUSABLE_ROOT', 'not yours');
    },
  };
  const opening = openClient(parseName('a'), unwatchable, { wait: 3_600_000, signal }, portsWith(clock));
  await assert.rejects(opening, { code: 'ERR_MAILSLOT_UNUSABLE_ROOT' });
  assert.equal(clock.pending, 0, 'the process would live on for an hour');
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('an abort in the moment in which the wait begins ends it at once', async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const nowhere = { ...finderOf('/nowhere'), locate: () => undefined };
  const opening = openClient(parseName('a'), nowhere, { wait: controller.signal }, portsWith(clock));
  const aborted = assert.rejects(opening, reason);
  controller.abort(reason);
  await turn();
  const state = await stateOf(aborted);
  clock.advance(60_000);
  await aborted;
  assert.equal(state, 'fulfilled', 'only the next look at the clock ended it');
});

test('an open that succeeds leaves no alarm and nothing on its signal', async (t) => {
  const slot = await slotIn(t);
  const { signal } = new AbortController();
  closedAfter(t, await openMailslot(slot.name, { root: slot.root, signal, wait: signal }));
  await sendMessage(slot.name, 'x', { root: slot.root, signal, wait: 60_000 });
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('an open that is aborted while the server does not greet ends at once', async (t) => {
  const { finder } = await fakeServer(t, () => {});
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const clock = new VirtualClock();
  const opening = openClient(parseName('a'), finder, { signal: controller.signal }, portsWith(clock));
  controller.abort(reason);
  await assert.rejects(opening, reason);
  assert.equal(clock.pending, 0);
});

test('who waits for a slot goes on waiting while one that ends hangs up, and is let in by the next', async (t) => {
  const greeting = encodeGreeting({ maxMessageSize: 0, messageLimit: 1_000, pid: 1, name: 'app' });
  const ending = 7;
  const { finder, sockets } = await fakeServer(t, (socket) => {
    if (sockets.length > ending) socket.write(greeting);
    else socket.destroy();
  });
  const client = await openClient(parseName('app'), finder, { wait: 60_000 }, realPorts);
  assert.equal(client.name, 'app');
  assert.equal(sockets.length, ending + 1);
  await client.close();
});
