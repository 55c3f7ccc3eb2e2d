import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import type { MailslotError } from '../../errors.js';
import { parseName } from '../../name/slot-name.js';
import { realPorts } from '../../ports/ports.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import type { MailslotClient } from '../client/client.js';
import { type fakeServer, listening } from '../fake-server.test.support.js';
import type { SlotFinder } from '../namespace/name-space.js';
import { openClient } from '../open.js';
import { closedAfter, portsWith, published } from '../temp-root.test.support.js';
import { encodeGreeting } from '../wire/greeting.js';
import { serveByEvents, serveClient } from './accept.js';
import type { Connection } from './connection.js';
import { askInfo, frame, inboxWith, readAll, sync, word } from './fake-link.test.support.js';
import type { Inbox, InboxOptions } from './inbox.js';

/** What is published of a writer that broke the framing. */
interface Fault {
  readonly name: string;
  readonly pid: number;
  readonly error: MailslotError;
}

type Serve = typeof serveClient;
type Context = Parameters<typeof fakeServer>[0];

/** The two ways to serve a client must be the same to it, and to the slot. */
const ways: Readonly<Record<string, Serve>> = {
  'with read buffers of ours': serveClient,
  'by events, where a socket has no handle to take over': serveByEvents,
};

interface Served {
  readonly inbox: Inbox;
  readonly finder: SlotFinder;
  open(): Promise<MailslotClient>;
}

async function served(t: Context, serve: Serve, options: Partial<InboxOptions> = {}): Promise<Served> {
  const inbox = inboxWith({ name: 'a', ...options });
  const greeting = encodeGreeting({ maxMessageSize: 0, messageLimit: inbox.messageLimit, pid: 1, name: 'a' });
  const server = createServer({ pauseOnConnect: true }, (socket) => serve(socket, inbox, greeting));
  const finder = await listening(t, server);
  const open = async (): Promise<MailslotClient> =>
    closedAfter(t, await openClient(parseName('a'), finder, {}, realPorts));
  return { inbox, finder, open };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it never came to that');
    await new Promise(setImmediate);
  }
}

/** A connection without a client behind it, that has said hello. */
async function rawClient(t: Context, { finder }: Served): Promise<Socket> {
  const socket = connect(finder.locate(parseName('a')) as string);
  t.after(() => socket.destroy());
  await once(socket, 'data');
  socket.write(Buffer.from('4d5346430100000007000000', 'hex'));
  return socket;
}

for (const [how, serve] of Object.entries(ways)) {
  test(`${how}: while others come nobody is read from, and then everybody`, async (t) => {
    const clock = new VirtualClock();
    const server = await served(t, serve, { ports: portsWith(clock) });
    const { inbox } = server;
    const writer = await rawClient(t, server);
    await until(() => [...inbox.writers].every(({ counts }) => counts));
    inbox.newcomers.came();
    clock.advance(1);
    // One read is on its way before it can be held.
    writer.write(frame('a'));
    await until(() => inbox.counters.received === 1);
    writer.write(frame('b'));
    // Each greeting proves that the server was at work meanwhile.
    for (let count = 0; count < 5; count += 1) await rawClient(t, server);
    assert.equal(inbox.counters.received, 1);
    clock.advance(100);
    await until(() => inbox.counters.received === 2);
    assert.deepEqual(readAll(inbox), ['a', 'b']);
  });

  test(`${how}: messages of all sizes arrive as they were sent, in their order`, async (t) => {
    const { inbox, open } = await served(t, serve);
    const client = await open();
    const bodies = [0, 1, 60_000, 3, 16_384, 16_383, 1_000_000, 5, 4 << 20, 0, 7].map((size) =>
      'x'.repeat(size),
    );
    await client.writeMany(bodies);
    for (const body of bodies) await client.write(`and ${body.length}`);
    const seen = readAll(inbox);
    assert.deepEqual(
      seen.map((text) => text.length),
      [...bodies.map((body) => body.length), ...bodies.map((body) => `and ${body.length}`.length)],
    );
    assert.ok(seen.slice(0, bodies.length).every((text, at) => text === bodies[at]));
  });

  test(`${how}: fifty thousand small messages arrive, none lost, none twice`, async (t) => {
    const { inbox, open } = await served(t, serve);
    const clients = [await open(), await open()];
    const texts = Array.from({ length: 25_000 }, (_, number) => `${number}`);
    await Promise.all(clients.map((client) => client.writeMany(texts)));
    const seen = readAll(inbox);
    assert.equal(seen.length, 50_000);
    const counts = new Map<string, number>();
    for (const text of seen) counts.set(text, (counts.get(text) ?? 0) + 1);
    assert.ok(texts.every((text) => counts.get(text) === 2));
  });

  test(`${how}: a writer waits for room and goes on when there is some`, async (t) => {
    const { inbox, open } = await served(t, serve, { queueBytes: 100_000, messageLimit: 50_000 });
    const client = await open();
    const bodies = Array.from({ length: 60 }, (_, number) => `${number};`.padEnd(1 + number * 800, '.'));
    const written = client.writeMany(bodies);
    const seen: string[] = [];
    while (seen.length < bodies.length) {
      assert.ok(inbox.queue.used <= 100_000);
      seen.push(...readAll(inbox));
      await client.info();
    }
    await written;
    assert.deepEqual(seen, bodies);
  });

  test(`${how}: what is refused or dropped is told and counted`, async (t) => {
    const { inbox, open } = await served(t, serve, {
      queueBytes: 40_000,
      messageLimit: 30_000,
      whenFull: 'reject',
    });
    const client = await open();
    const large = 'x'.repeat(20_000);
    await assert.rejects(client.writeMany(['a', large, large, 'b', large]), { messages: 2 });
    assert.deepEqual(
      readAll(inbox).map((text) => text.length),
      [1, 20_000, 1],
    );
    assert.equal(inbox.counters.rejected, 2);
    await client.write('goes on');
  });

  test(`${how}: a client that breaks the framing is told and cut off, the others are not`, async (t) => {
    const server = await served(t, serve);
    const client = await server.open();
    const socket = await rawClient(t, server);
    const faulted = published<Fault>('fault');
    socket.write(Buffer.concat([frame('good'), sync, word(0xffff_ffff), frame('lost')]));
    const answers: Buffer[] = [];
    socket.on('data', (chunk) => answers.push(chunk));
    await once(socket, 'close');
    const { name, pid, error } = await faulted;
    assert.deepEqual([name, pid, error.code], ['a', 7, 'ERR_MAILSLOT_MALFORMED']);
    assert.match(Buffer.concat(answers).toString('latin1'), /unknown request 0xffffffff/);
    await client.write('goes on');
    assert.deepEqual(readAll(server.inbox), ['good', 'goes on']);
    assert.equal(server.inbox.counters.faults, 1);
  });

  test(`${how}: bytes that come one by one are a message in the end`, async (t) => {
    const server = await served(t, serve);
    const socket = await rawClient(t, server);
    const stream = Buffer.concat([frame('dribble'), frame('x'.repeat(300)), sync]);
    for (const byte of stream) await new Promise((resolve) => socket.write(Uint8Array.of(byte), resolve));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.equal(answer.readUInt32LE(8), 2);
    assert.deepEqual(
      readAll(server.inbox).map((text) => text.length),
      [7, 300],
    );
  });

  test(`${how}: a client that goes in the middle of a message leaves nothing`, async (t) => {
    const server = await served(t, serve, { queueBytes: 200_000, messageLimit: 100_000 });
    const socket = await rawClient(t, server);
    const gone = published('disconnect');
    socket.end(Buffer.concat([frame('whole'), word(90_000), Buffer.alloc(30_000)]));
    await gone;
    assert.deepEqual(readAll(server.inbox), ['whole']);
    assert.equal(server.inbox.queue.used, 0);
    assert.equal(server.inbox.writers.size, 0);
  });

  test(`${how}: a client that does not read its answers is not read from until it does`, async (t) => {
    const server = await served(t, serve);
    const socket = await rawClient(t, server);
    const other = await server.open();
    const [writer] = [...server.inbox.writers] as Connection[];
    socket.pause();
    const others = async (isOver: () => boolean): Promise<void> => {
      for (let round = 0; !isOver(); round += 1) {
        assert.ok(round < 5000, 'this goes on for ever');
        await other.write('others are served');
      }
    };
    await others(() => {
      socket.write(askInfo);
      return !writer?.mayRead;
    });
    socket.resume();
    await others(() => writer?.mayRead === true);
    socket.write(Buffer.concat([frame('last'), sync]));
    await others(() => readAll(server.inbox).includes('last'));
  });

  test(`${how}: who is closed is told what was taken, and all descriptors come back`, async (t) => {
    const { inbox, open } = await served(t, serve);
    const clients = [await open(), await open()];
    for (const client of clients) {
      for (const text of ['a', 'b']) client.post(text);
      await client.write('c');
      client.post('d');
    }
    const closing = [...inbox.writers].map((writer) => writer.close());
    await Promise.all(closing);
    assert.equal(inbox.writers.size, 0);
    for (const client of clients) {
      await assert.rejects(client.write('late'), { code: 'ERR_MAILSLOT_CLOSED' });
      await client.close().catch((error) => assert.equal(error.messages, 1));
    }
  });
}
