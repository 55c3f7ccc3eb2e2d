import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import { NatsServer } from './support/server.js';
import { OFFICE, ring, SLOT, Station, sceneOf } from './support/station.js';

/*
 * The transport `nats` and its connection: not there yet, lost, found again, closed.
 */

const NEEDS = needs('nats-server');

test(
  'without a server it does not start, says why, and can be started when there is one',
  NEEDS,
  async (t) => {
    const at = sceneOf(t);
    const server = await NatsServer.start(at);
    await server.kill();
    const alpha = new Station('ALPHA', { servers: [server.url] });
    at.after(() => alpha.transport.close());
    await assert.rejects(alpha.transport.start(alpha), (error) => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'ERR_MAILSLOT_IO');
      assert.match(error.message, /no NATS server answers: 127\.0\.0\.1:\d+ \(ECONNREFUSED\); start one/);
      return true;
    });
    assert.equal(alpha.transport.describe().state, 'connecting');
    assert.match(alpha.transport.describe().problem!, /ECONNREFUSED/);
    await server.start();
    await alpha.transport.start(alpha);
    const state = alpha.transport.describe();
    assert.equal(state.state, 'connected');
    assert.equal(state.server, server.address);
    assert.equal(state.problem, undefined);
    assert.match(state.serverVersion!, /^\d+\.\d+/);
    assert.equal(state.maxPayload, 1 << 20);
  },
);

test(
  'of several servers those that are down do not matter, and are used when the others are',
  NEEDS,
  async (t) => {
    const at = sceneOf(t);
    const [down, up] = [await NatsServer.start(at), await NatsServer.start(at)];
    await down.kill();
    const alpha = await Station.start(at, 'ALPHA', { servers: [down.url, up.url] });
    assert.equal(alpha.transport.describe().server, up.address);
    await down.start();
    await up.kill();
    await until(async () => alpha.transport.describe().server === down.address, 'the other server');
    assert.deepEqual(alpha.connections, [false, true]);
    assert.equal(alpha.transport.describe().reconnects, 1);
  },
);

test('a server that is silent is not waited for long, and keeps nothing of ours', NEEDS, async (t) => {
  const at = sceneOf(t);
  const open = new Set<object>();
  const silent = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  at.after(() => silent.close());
  const { port } = silent.address() as { port: number };
  const alpha = new Station('ALPHA', { servers: [`nats://127.0.0.1:${port}`] });
  await assert.rejects(alpha.transport.start(alpha), /no answer/);
  await until(async () => open.size === 0, 'the end of its connections');
  await alpha.transport.close();
});

test('a lost connection is told, found again, and the slots are heard again', NEEDS, async (t) => {
  const at = sceneOf(t);
  const server = await NatsServer.start(at);
  const settings = { servers: [server.url] };
  const [alpha, bravo] = await Station.pair(at, settings);
  await bravo.hears(alpha, 'before');
  assert.equal(bravo.origins[0], server.address);
  await server.kill();
  await until(async () => alpha.connections.length === 1 && bravo.connections.length === 1, 'the word of it');
  const lost = alpha.transport.describe();
  assert.equal(lost.state, 'lost');
  assert.match(lost.problem!, /was lost/);
  assert.equal(lost.server, undefined);
  // What is wanted meanwhile is heard too, and what was taken just before the server is back is sent.
  bravo.transport.want(new Set([SLOT, 'late']));
  assert.equal(alpha.send('kept', { slot: 'late' }), true);
  await server.start();
  await until(
    async () => alpha.connections.length === 2 && bravo.connections.length === 2,
    'the server again',
  );
  await bravo.hears(alpha, 'after');
  const { sent, state, problem, reconnects, waiting } = alpha.transport.describe();
  assert.deepEqual([state, problem, reconnects, waiting], ['connected', undefined, 1, 0]);
  assert.equal(sent.messages + sent.unsent, alpha.taken);
  assert.equal(bravo.transport.describe().subscriptions, 4);
});

test(
  'killed under load, again and again: every message is sent or unsent, and none comes twice',
  NEEDS,
  async (t) => {
    const at = sceneOf(t);
    const server = await NatsServer.start(at);
    const settings = { servers: [server.url] };
    const [alpha, bravo] = await Station.pair(at, settings);
    await bravo.hears(alpha, 'before');
    let isLoading = true;
    const load = async (): Promise<void> => {
      while (isLoading) {
        for (let count = 0; count < 200 && alpha.send(`m${alpha.taken}`.padEnd(400, '.')); count += 1);
        await pause(1);
      }
    };
    const loading = load();
    for (let round = 1; round <= 3; round += 1) {
      const heard = bravo.texts.length;
      await until(async () => bravo.texts.length > heard + 2_000, 'the load');
      await server.kill();
      await until(async () => alpha.connections.length === 2 * round - 1, 'the loss');
      await server.start();
      await until(async () => alpha.connections.length === 2 * round, 'the server again');
    }
    isLoading = false;
    await loading;
    await bravo.hears(alpha, 'after');
    await until(async () => alpha.transport.describe().waiting === 0, 'all to leave');
    const { sent } = alpha.transport.describe();
    const { received } = bravo.transport.describe();
    assert.equal(sent.messages + sent.unsent, alpha.taken);
    const own = bravo.texts.filter((text) => text.startsWith('m'));
    assert.equal(new Set(own).size, own.length);
    assert.equal(received.messages, bravo.texts.length);
    assert.ok(received.messages <= sent.messages, `${received.messages} of ${sent.messages} received`);
    t.diagnostic(JSON.stringify({ taken: alpha.taken, ...sent, received: received.messages }));
  },
);

test(
  'a server that stops answering holds the sender back, and its memory stays bounded',
  NEEDS,
  async (t) => {
    const at = sceneOf(t);
    const server = await NatsServer.start(at);
    const alpha = await Station.start(at, 'ALPHA', { servers: [server.url] });
    server.signal('SIGSTOP');
    at.after(() => server.signal('SIGCONT'));
    const text = 'x'.repeat(50_000);
    let size = 0;
    while (alpha.send(text)) {
      size += text.length;
      assert.ok(size < 32 << 20, 'nothing bounds what is taken');
      await pause(0);
    }
    const { waiting, sent } = alpha.transport.describe();
    assert.ok(waiting <= 8 << 20 && sent.bytes <= 4 << 20, `${waiting} wait, ${sent.bytes} have left`);
    server.signal('SIGCONT');
    await until(async () => alpha.transport.describe().waiting === 0, 'all to leave');
    assert.equal(alpha.rooms, 1);
    assert.deepEqual(
      [alpha.transport.describe().sent.unsent, alpha.transport.describe().sent.doubtful],
      [0, 0],
    );
  },
);

test('closed while it looks for the server it looks no longer', NEEDS, async (t) => {
  const at = sceneOf(t);
  const server = await NatsServer.start(at, { config: 'debug: true' });
  const settings = { servers: [server.url] };
  const [alpha, bravo] = await Station.pair(at, settings);
  await server.kill();
  await until(async () => alpha.connections.length === 1 && bravo.connections.length === 1, 'the loss');
  await alpha.transport.close();
  assert.equal(alpha.transport.describe().state, 'closed');
  const before = server.log.length;
  await server.start();
  // By then the other one, which looks as this one did, is connected.
  await until(async () => bravo.connections.length === 2, 'the server again');
  await pause(1_000);
  const clients = new Set(server.log.slice(before).match(/cid:\d+/g));
  assert.equal(clients.size, 1);
  assert.throws(() => alpha.send('late'), { code: 'ERR_MAILSLOT_CLOSED' });
});

test('without a key in use it neither sends nor subscribes; with one it does at once', NEEDS, async (t) => {
  const at = sceneOf(t);
  const settings = { servers: [(await NatsServer.start(at)).url] };
  const [alpha, bravo] = await Station.pair(at, settings);
  const [key] = bravo.keys.keys;
  bravo.keys.replace([], undefined);
  assert.equal(bravo.transport.describe().subscriptions, 0);
  assert.equal(bravo.transport.describe().keyInUse, undefined);
  bravo.send('from nobody');
  await until(async () => bravo.transport.describe().sent.unsent === 1, 'it to be counted');
  bravo.keys.replace([key!], key!.id);
  assert.equal(bravo.transport.describe().subscriptions, 2);
  await bravo.hears(alpha, 'with a key');
  assert.deepEqual(alpha.texts, []);
});

test('who has another key hears nothing', NEEDS, async (t) => {
  const at = sceneOf(t);
  const settings = { servers: [(await NatsServer.start(at)).url] };
  const [alpha, bravo] = await Station.pair(at, settings);
  const stranger = await Station.start(at, 'CHARLIE', settings, ring(2));
  await bravo.hears(alpha, 'secret');
  await until(async () => {
    alpha.send('secret');
    return stranger.drops.length > 0;
  }, 'the stranger to be there');
  assert.deepEqual(stranger.texts, []);
  assert.deepEqual([...new Set(stranger.drops)], ['foreign']);
});

test(
  'only slots that are wanted are sent here, and a computer is not sent what it sent',
  NEEDS,
  async (t) => {
    const at = sceneOf(t);
    const settings = { servers: [(await NatsServer.start(at)).url] };
    const [alpha, bravo] = await Station.pair(at, settings);
    await bravo.hears(alpha, 'one');
    const before = bravo.transport.describe().received.packets;
    for (let count = 0; count < 50; count += 1) alpha.send('unwanted', { slot: `other/${count}` });
    alpha.send('for charlie', { to: { kind: 'computer', name: 'CHARLIE' } });
    alpha.send('for bravo', { to: { kind: 'computer', name: 'Bravo' } });
    alpha.send('for all', { to: { kind: 'domain', name: OFFICE } });
    await until(async () => bravo.texts.at(-1) === 'for all', 'the last one');
    assert.equal(bravo.transport.describe().received.packets, before + 2);
    assert.equal(alpha.transport.describe().received.packets, 0);
  },
);

test(
  'a server that takes less than our longest packet is told of, and what is too long is counted',
  NEEDS,
  async (t) => {
    const at = sceneOf(t);
    const server = await NatsServer.start(at, { config: 'max_payload: 10000' });
    const settings = { servers: [server.url] };
    const [alpha, bravo] = await Station.pair(at, settings);
    assert.match(alpha.transport.describe().problem!, /takes 10000 bytes at most .*max_payload/);
    await bravo.hears(alpha, 'short');
    alpha.send('x'.repeat(20_000));
    await until(async () => alpha.transport.describe().sent.unsent === 1, 'it to be counted');
    assert.deepEqual(alpha.connections, []);
  },
);
