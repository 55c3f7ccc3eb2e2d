import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { MailslotError } from '../../errors.js';
import { parseName } from '../../name/slot-name.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { fakeServer } from '../fake-server.test.support.js';
import type { SlotFinder } from '../namespace/name-space.js';
import { openClient } from '../open.js';
import { closedAfter, portsWith } from '../temp-root.test.support.js';
import { encodeFault, encodeRefused, encodeTaken } from '../wire/frames.js';
import { encodeGreeting } from '../wire/greeting.js';
import type { MailslotClient } from './client.js';
import { reachSlot } from './reach.js';
import { sendOnce } from './send.js';

const greeting = { maxMessageSize: 0, messageLimit: 1000, pid: 1, name: 'App/Events' };
const greetingBytes = Buffer.from(encodeGreeting(greeting));

const open = (finder: SlotFinder, clock = new VirtualClock()): Promise<MailslotClient> =>
  openClient(parseName('app/events'), finder, {}, portsWith(clock));

for (const [what, bytes, code] of [
  ['greets as something else', Buffer.from('220 mail.example.org ESMTP\r\n'), 'ERR_MAILSLOT_MALFORMED'],
  [
    'understands later versions only',
    encodeGreeting(greeting, { lowest: 2, highest: 3 }),
    'ERR_MAILSLOT_INCOMPATIBLE',
  ],
  [
    'announces a greeting without end',
    Buffer.from('4d53465301010000ffffffff', 'hex'),
    'ERR_MAILSLOT_MALFORMED',
  ],
  ['has another name', encodeGreeting({ ...greeting, name: 'other' }), 'ERR_MAILSLOT_NOT_FOUND'],
  ['has a name that is none', encodeGreeting({ ...greeting, name: 'a//b' }), 'ERR_MAILSLOT_NOT_FOUND'],
] as const) {
  test(`a server that ${what} is not opened, and its connection ends`, async (t) => {
    const { finder, sockets } = await fakeServer(t, (socket) => socket.write(bytes));
    const clock = new VirtualClock();
    await assert.rejects(open(finder, clock), { code });
    assert.equal(clock.pending, 0);
    for (const socket of sockets) if (!socket.closed) await once(socket, 'close');
  });
}

test('a server that understands more versions is spoken to in ours', async (t) => {
  const { finder, heard, sockets } = await fakeServer(t, (socket) => {
    socket.write(encodeGreeting(greeting, { lowest: 1, highest: 7 }));
  });
  const client = closedAfter(t, await open(finder));
  assert.equal(client.name, 'App/Events');
  assert.equal(client.messageLimit, 1000);
  await once(sockets[0] as Socket, 'data');
  assert.equal(Buffer.concat(heard).toString('hex', 0, 8), '4d53464301000000');
});

test('a greeting may come byte by byte', async (t) => {
  const { finder } = await fakeServer(t, async (socket) => {
    for (const byte of greetingBytes)
      await new Promise((resolve) => socket.write(Uint8Array.of(byte), resolve));
  });
  const client = closedAfter(t, await open(finder));
  assert.equal(client.name, 'App/Events');
});

test('a server that hangs up instead of greeting is asked again, and then said to have done so', async (t) => {
  const { finder, sockets } = await fakeServer(t, (socket) => socket.end());
  await assert.rejects(open(finder), { code: 'ERR_MAILSLOT_CLOSED', message: /hung up before it greeted/ });
  assert.equal(sockets.length, 3);
});

test('a server that hangs up once is opened at the second try', async (t) => {
  let isFirst = true;
  const { finder } = await fakeServer(t, (socket) => {
    if (isFirst) socket.end();
    else socket.write(greetingBytes);
    isFirst = false;
  });
  closedAfter(t, await open(finder));
});

test('a server that does not greet is given ten seconds', async (t) => {
  const clock = new VirtualClock();
  let greeted = (): void => {};
  const connected = new Promise<void>((resolve) => {
    greeted = resolve;
  });
  const { finder } = await fakeServer(t, () => greeted());
  const opening = open(finder, clock);
  await connected;
  clock.advance(9999);
  assert.equal(clock.pending, 1);
  clock.advance(1);
  await assert.rejects(opening, { code: 'ERR_MAILSLOT_TIMEOUT', message: /did not greet within 10 s/ });
});

/** A client of a server that answers the first bytes after the hello with `answer`. */
async function clientOfServerThat(
  t: Parameters<typeof fakeServer>[0],
  answer: (socket: Socket) => void,
): Promise<MailslotClient> {
  const { finder } = await fakeServer(t, (socket) => {
    socket.write(greetingBytes);
    socket.once('data', (chunk) => {
      if (chunk.length > 12) answer(socket);
      else socket.once('data', () => answer(socket));
    });
  });
  return closedAfter(t, await open(finder));
}

for (const [what, bytes] of [
  ['says that it took more than was sent', encodeTaken(2)],
  ['says that it refused what was not sent', encodeRefused(1, 1)],
  ['answers nonsense', Buffer.from('hello, world')],
] as const) {
  test(`a server that ${what} is not believed`, async (t) => {
    const client = await clientOfServerThat(t, (socket) => socket.write(bytes));
    await assert.rejects(client.write('a'), { code: 'ERR_MAILSLOT_MALFORMED' });
    await assert.rejects(client.write('b'), { code: 'ERR_MAILSLOT_MALFORMED' });
    assert.throws(() => client.post('c'), { code: 'ERR_MAILSLOT_MALFORMED' });
  });
}

for (const [what, bytes] of [
  ['took more than the one', encodeTaken(2)],
  ['refused another one', encodeRefused(1, 1)],
  ['refused more than the one', encodeRefused(0, 2)],
] as const) {
  test(`who sends one message does not believe a server that says that it ${what}`, async (t) => {
    const { finder } = await fakeServer(t, (socket) => {
      socket.write(greetingBytes);
      socket.once('data', () => socket.write(bytes));
    });
    const ports = portsWith(new VirtualClock());
    const connection = await reachSlot(parseName('app/events'), finder, {}, ports);
    const sent = sendOnce(connection, 'a', AbortSignal.timeout(20_000), ports.clock);
    await assert.rejects(sent, { code: 'ERR_MAILSLOT_MALFORMED' });
    connection.socket.destroy();
  });
}

test('what a server says is wrong is cut where it says very much', async (t) => {
  const fault = new MailslotError('ERR_MAILSLOT_TIMEOUT', 'x'.repeat(100_000));
  const client = await clientOfServerThat(t, (socket) => socket.end(encodeFault(fault)));
  await assert.rejects(client.write('a'), { code: 'ERR_MAILSLOT_TIMEOUT', message: 'x'.repeat(1_000) });
});

test('what a server says is wrong is what the writer is told', async (t) => {
  const fault = new MailslotError('ERR_MAILSLOT_TIMEOUT', 'a message was begun and not finished');
  const client = await clientOfServerThat(t, (socket) => socket.end(encodeFault(fault)));
  await assert.rejects(client.write('a'), { code: 'ERR_MAILSLOT_TIMEOUT', message: fault.message });
});

test('an answer may come in pieces', async (t) => {
  const client = await clientOfServerThat(t, async (socket) => {
    for (const byte of encodeTaken(1))
      await new Promise((resolve) => socket.write(Uint8Array.of(byte), resolve));
  });
  await client.write('a');
});

test('a server that ends after it took some: each write and post is told of its own', async (t) => {
  const client = await clientOfServerThat(t, (socket) => socket.end(encodeTaken(2)));
  const taken = client.write('a');
  client.post('b');
  client.post('c');
  client.post('d');
  const lost = assert.rejects(client.write('e'), { code: 'ERR_MAILSLOT_CLOSED', message: /is gone/ });
  await taken;
  await lost;
  await assert.rejects(client.close(), { code: 'ERR_MAILSLOT_CLOSED', messages: 2 });
});

test('a server that asks nothing back and ends has taken nothing for certain', async (t) => {
  const client = await clientOfServerThat(t, (socket) => socket.end());
  client.post('a');
  await assert.rejects(client.write('b'), { code: 'ERR_MAILSLOT_CLOSED' });
  await assert.rejects(client.close(), { code: 'ERR_MAILSLOT_CLOSED', messages: 1 });
});
