import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailslotError } from '../../errors.js';
import { parseName } from '../../name/slot-name.js';
import { realPorts } from '../../ports/ports.js';
import { fakeServer } from '../fake-server.test.support.js';
import { openClient } from '../open.js';
import { clientOf, pair } from '../pair.test.support.js';
import { closedAfter, published, stateOf } from '../temp-root.test.support.js';
import { encodeFault } from '../wire/frames.js';
import { encodeGreeting } from '../wire/greeting.js';

const MB = 1 << 20;

test('a client that closes itself tells so, once its connection is over, whoever asks before or after', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } });
  const before = client.closed;
  await client.write('a');
  assert.equal(await stateOf(before), 'pending');
  client.post('b');
  const told = published<{ end: string }>('closed', ({ end }) => end === 'client');
  const closing = client.close();
  await client.info().catch(() => {});
  assert.equal(await stateOf(before), 'pending', 'the server has not decided on everything yet');
  for (const text of ['a', 'b']) assert.equal((await slot.read()).text(), text);
  await Promise.all([closing, client.close()]);
  assert.equal(await before, undefined);
  assert.equal(await client.closed, undefined);
  assert.deepEqual(await told, { name: 'app/events', end: 'client', error: undefined });
});

test('a client that does nothing is told when its slot is closed, and fails with the same error', async (t) => {
  const { slot, client } = await pair(t);
  const told = published<{ end: string }>('closed', ({ end }) => end === 'client');
  await slot.close();
  const error = await client.closed;
  assert.ok(error instanceof MailslotError);
  assert.equal(error.code, 'ERR_MAILSLOT_CLOSED');
  assert.deepEqual(await told, { name: 'app/events', end: 'client', error });
  await assert.rejects(client.write('a'), (thrown) => thrown === error);
  await client.close();
  assert.equal(await client.closed, error, 'the first reason counts');
});

test('a client whose slot is closed while it closes tells of the slot', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } });
  await client.write('a');
  client.post('b');
  const closing = assert.rejects(client.close(), { code: 'ERR_MAILSLOT_CLOSED', messages: 1 });
  await client.info().catch(() => {});
  await slot.close();
  await closing;
  assert.equal((await client.closed)?.code, 'ERR_MAILSLOT_CLOSED');
});

test('a close in a hurry, or one that tells of refused messages, is a close by its owner', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } });
  for (const hurry of [{ signal: AbortSignal.abort() }, undefined]) {
    const other = await clientOf(t, slot);
    for (const text of ['a', 'b']) other.post(text);
    const closing = other.close(hurry);
    const hasty = hurry ? closing : other.close({ signal: AbortSignal.abort() });
    await assert.rejects(hasty, { name: 'AbortError' });
    await closing.catch(() => {});
    assert.equal(await other.closed, undefined);
  }
  await client.close();
  const rejecting = await pair(t, { queue: { bytes: 65, whenFull: 'reject' } });
  for (const text of ['a', 'b']) rejecting.client.post(text);
  await assert.rejects(rejecting.client.close(), { code: 'ERR_MAILSLOT_QUEUE_FULL' });
  assert.equal(await rejecting.client.closed, undefined);
});

test('a client tells what its server gave as the reason, or that it broke the framing', async (t) => {
  const greeting = encodeGreeting({ maxMessageSize: 0, messageLimit: MB, pid: 1, name: 'a' });
  const turnedAway = new MailslotError('ERR_MAILSLOT_NO_RESOURCES', 'as many clients as it takes');
  const ends = [
    [encodeFault(turnedAway), 'ERR_MAILSLOT_NO_RESOURCES'],
    [Buffer.alloc(64, 0xff), 'ERR_MAILSLOT_MALFORMED'],
  ] as const;
  for (const [lastWords, code] of ends) {
    const { finder } = await fakeServer(t, (socket) => {
      socket.write(greeting);
      socket.once('data', () => socket.write(lastWords));
    });
    const client = closedAfter(t, await openClient(parseName('a'), finder, {}, realPorts));
    assert.equal((await client.closed)?.code, code);
  }
});
