import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { MAX_PACKET_MESSAGE, NEW_SESSIONS_PER_SECOND } from '../limits.js';
import { KeyRing } from '../packet/key-ring.js';
import { DOMAIN, testKey, testRing } from '../packet/packet.test.support.js';
import { freePort, Outsider, Station, toComputer } from './station.test.support.js';

/*
 * Several instances in this process, on loopback: multicast with TTL 0, unicast, real sockets, real keys.
 */

/** Lets sockets be read and what was sent leave. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a message to the domain reaches the others, whole, and its sender not', async (t) => {
  const port = await freePort();
  const start = (name: string): Promise<Station> => Station.start(t, name, testRing(), port);
  const [alpha, beta, gamma] = [await start('ALPHA'), await start('BETA'), await start('GAMMA')];
  alpha.send('one');
  await Promise.all([beta, gamma].map((each) => each.until(() => each.texts.length === 1)));
  beta.send('two');
  await alpha.until(() => alpha.texts.length === 1);
  await gamma.until(() => gamma.texts.length === 2);
  assert.deepEqual([alpha.texts, beta.texts, gamma.texts], [['two'], ['one'], ['one', 'two']]);
  const [found] = gamma.datagrams;
  assert.deepEqual(found, {
    identity: { instance: alpha.instance, counter: 1, stamp: found?.identity.stamp },
    from: 'ALPHA',
    to: { kind: 'domain', name: DOMAIN },
    sequence: 1,
    slot: 'app/events',
    scope: 'site',
    data: Buffer.from('one'),
  });
  const [way] = alpha.transport.describe().ways;
  assert.equal(gamma.addresses[0], `127.0.0.1:${way?.port}`);
  assert.equal(alpha.transport.describe().received.own, 1);
  assert.deepEqual([alpha.drops, beta.drops, gamma.drops], [{}, {}, {}]);
});

test('a message to a computer goes to where it was heard from, and to all while it was not', async (t) => {
  const port = await freePort();
  const start = (name: string): Promise<Station> => Station.start(t, name, testRing(), port);
  const [alpha, beta, other, gamma] = [
    await start('ALPHA'),
    await start('BETA'),
    await start('beta'),
    await start('GAMMA'),
  ];
  alpha.send('who is beta', toComputer('BETA'));
  await Promise.all([beta, other, gamma].map((each) => each.until(() => each.texts.length === 1)));
  beta.send('I am');
  other.send('I am too');
  await alpha.until(() => alpha.texts.length === 2);
  alpha.send('to both', toComputer('Beta'));
  await Promise.all([beta, other].map((each) => each.until(() => each.texts.includes('to both'))));
  alpha.send('to all');
  await gamma.until(() => gamma.texts.includes('to all'));
  assert.deepEqual(gamma.texts.toSorted(), ['I am', 'I am too', 'to all', 'who is beta']);
  assert.deepEqual(
    alpha.transport
      .describe()
      .peers.map(({ computer }) => computer)
      .toSorted(),
    ['BETA', 'beta'],
  );
});

test('another key is foreign, and is told by its address', async (t) => {
  const port = await freePort();
  const alpha = await Station.start(t, 'ALPHA', testRing(1), port);
  const eve = await Station.start(t, 'EVE', testRing(2), port);
  alpha.send('for members');
  await eve.until(() => eve.drops.foreign === 1);
  eve.send('for others');
  await alpha.until(() => alpha.drops.foreign === 1);
  assert.deepEqual([alpha.texts, eve.texts], [[], []]);
  const [stranger] = alpha.transport.describe().strangers;
  assert.deepEqual([stranger?.address, stranger?.reason, stranger?.packets], ['127.0.0.1', 'foreign', 1]);
});

test('a true tag with a false seal is forged, many are a flood, and members are heard all the same', async (t) => {
  const port = await freePort();
  const start = (name: string): Promise<Station> => Station.start(t, name, testRing(), port);
  const [alpha, beta] = [await start('ALPHA'), await start('BETA')];
  const outsider = await Outsider.start(t, port);
  alpha.send('before');
  await beta.until(() => beta.texts.length === 1);
  const forged = Buffer.from(await outsider.packet(1));
  forged.writeBigUInt64LE(99n, 32);
  await outsider.send(forged);
  await beta.until(() => beta.drops.forged === 1);
  for (let count = 0; beta.drops.flood === undefined; count += 1) {
    assert.ok(count < 100 * NEW_SESSIONS_PER_SECOND);
    forged.writeUInt32LE(count, 16);
    await outsider.send(forged);
    if (count % 20 === 0) await turn();
  }
  alpha.send('after');
  await beta.until(() => beta.texts.length === 2);
  assert.deepEqual(beta.texts, ['before', 'after']);
  assert.ok(beta.transport.describe().sessions <= 2);
});

test('a packet that is sent again is a replay, wherever it is sent to', async (t) => {
  const port = await freePort();
  const start = (name: string): Promise<Station> => Station.start(t, name, testRing(), port);
  const [alpha, beta] = [await start('ALPHA'), await start('BETA')];
  const outsider = await Outsider.start(t, port);
  alpha.send('once');
  await beta.until(() => beta.texts.length === 1);
  const packet = await outsider.packet(1);
  await outsider.send(packet);
  await beta.until(() => beta.drops.replay === 1);
  const { ways, peers } = beta.transport.describe();
  await outsider.send(packet, ways[0]?.port, '127.0.0.1');
  await beta.until(() => beta.drops.replay === 2);
  assert.deepEqual(beta.texts, ['once']);
  assert.equal(peers[0]?.address, `127.0.0.1:${alpha.transport.describe().ways[0]?.port}`);
});

test('an old recording opens for who was not there, and does not say where its sender is', async (t) => {
  const port = await freePort();
  const alpha = await Station.start(t, 'ALPHA', testRing(), port);
  const outsider = await Outsider.start(t, port);
  const hourAgo = Date.now() - 3_600_000;
  alpha.transport.send({
    identity: { instance: alpha.instance, counter: 1, stamp: hourAgo },
    from: 'ALPHA',
    to: { kind: 'domain', name: DOMAIN },
    sequence: 1,
    slot: 'a',
    scope: 'site',
    data: Buffer.from('old'),
  });
  const packet = await outsider.packet(1);
  const beta = await Station.start(t, 'BETA', testRing(), port);
  await outsider.send(packet);
  await beta.until(() => beta.texts.length === 1);
  assert.equal(beta.datagrams[0]?.identity.stamp, hourAgo, 'the redirector sees its age, and throws it away');
  assert.deepEqual(beta.transport.describe().peers, []);
});

test('nothing of a message, its slot or its computer is on the wire in clear', async (t) => {
  const port = await freePort();
  const alpha = await Station.start(t, 'ALPHA', testRing(), port);
  const outsider = await Outsider.start(t, port);
  alpha.send('door open');
  const packet = (await outsider.packet(1)).toString('latin1').toLowerCase();
  for (const word of ['door', 'app', 'events', 'alpha', 'office']) assert.ok(!packet.includes(word), word);
});

test('a key is changed on three computers one by one under load, and no message is lost', async (t) => {
  const port = await freePort();
  const [old, young] = [testKey(1), testKey(2)] as const;
  const start = (name: string): Promise<Station> => Station.start(t, name, testRing(1), port);
  const stations = [await start('ALPHA'), await start('BETA'), await start('GAMMA')];
  let sent = 0;
  const talk = async (): Promise<void> => {
    for (let round = 0; round < 20; round += 1) {
      sent += 1;
      for (const each of stations) each.send(`${sent}`);
      await Promise.all(stations.map((each) => each.until(() => each.texts.length === 2 * sent)));
    }
  };
  const steps: ((ring: KeyRing) => void)[] = [
    (ring) => ring.install(young),
    (ring) => ring.use(young.id),
    (ring) => ring.remove(old.id),
  ];
  for (const step of steps) {
    for (const { ring } of stations) {
      await talk();
      step(ring);
    }
  }
  await talk();
  for (const { texts, drops } of stations) {
    assert.equal(texts.length, 2 * sent);
    assert.deepEqual(drops, {});
  }

  const late = await Station.start(t, 'LATE', testRing(1), port);
  late.send('with the old key');
  await Promise.all(stations.map((each) => each.until(() => each.drops.foreign === 1)));
});

test('the longest messages cross, to all and to one, and one byte more is refused', async (t) => {
  const port = await freePort();
  const start = (name: string): Promise<Station> => Station.start(t, name, testRing(), port);
  const [alpha, beta] = [await start('ALPHA'), await start('BETA')];
  const longest = Buffer.alloc(MAX_PACKET_MESSAGE, 'mailslot');
  alpha.send(longest);
  await beta.until(() => beta.texts.length === 1);
  beta.send(longest, toComputer('ALPHA'));
  await alpha.until(() => alpha.texts.length === 1);
  for (const { datagrams } of [alpha, beta]) assert.ok(longest.equals(datagrams[0]!.data));
  assert.throws(() => alpha.send(Buffer.alloc(MAX_PACKET_MESSAGE + 1)), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    limit: alpha.transport.capabilities.maxMessageSize,
  });
});

test('what is sent together shares packets, arrives in its order, and room is told of', async (t) => {
  const port = await freePort();
  const start = (name: string): Promise<Station> => Station.start(t, name, testRing(), port);
  const [alpha, beta] = [await start('ALPHA'), await start('BETA')];
  for (let count = 0; count < 300; count += 1) assert.ok(alpha.send(`${count}`));
  await beta.until(() => beta.texts.length === 300);
  assert.deepEqual(
    beta.texts,
    Array.from({ length: 300 }, (_, count) => `${count}`),
  );
  const { sent } = alpha.transport.describe();
  assert.equal(sent.messages, 300);
  assert.ok(sent.packets <= 4, `${sent.packets} packets`);

  const block = Buffer.alloc(MAX_PACKET_MESSAGE);
  while (alpha.send(block));
  await alpha.until(() => alpha.room === 1);
  assert.ok(alpha.send('again'));
});

test('without a key nothing is open; with one all is, and after the last one nothing again', async (t) => {
  const port = await freePort();
  const ring = new KeyRing(DOMAIN, [testKey()], undefined);
  const silent = await Station.start(t, 'SILENT', ring, port);
  const beta = await Station.start(t, 'BETA', testRing(), port);
  assert.deepEqual(silent.transport.describe().ways, []);
  assert.deepEqual(silent.transport.describe().groups, []);
  silent.send('into nothing');
  beta.send('not heard');
  await turn();
  ring.use(testKey().id);
  for (let count = 0; silent.texts.length === 0; count += 1) {
    beta.send(`${count}`);
    await turn();
  }
  silent.send('heard');
  await beta.until(() => beta.texts.length > 0);
  assert.deepEqual(beta.texts, ['heard']);
  assert.ok(!silent.texts.includes('not heard'));
  assert.equal(silent.transport.describe().sent.unsent, 1);
  ring.replace([], undefined);
  assert.deepEqual(silent.transport.describe().ways, []);
  assert.deepEqual(silent.transport.describe().groups, []);
});

test('closing sends what waits; before the start and after the end there is nothing', async (t) => {
  const port = await freePort();
  const beta = await Station.start(t, 'BETA', testRing(), port);
  const alpha = new Station('ALPHA', testRing(), { port });
  assert.throws(() => alpha.send('early'), { code: 'ERR_MAILSLOT_CLOSED' });
  await alpha.transport.start(alpha);
  await assert.rejects(alpha.transport.start(alpha), { code: 'ERR_MAILSLOT_CLOSED' });
  alpha.send('last words');
  await alpha.transport.close();
  assert.throws(() => alpha.send('late'), { code: 'ERR_MAILSLOT_CLOSED' });
  await beta.until(() => beta.texts.length === 1);
  assert.deepEqual(beta.texts, ['last words']);
  assert.deepEqual(alpha.transport.describe().ways, []);
});

test('a port that somebody else keeps for himself is an error that says so, and starting may be tried again', async (t) => {
  const holder = createSocket('udp4');
  holder.bind(0, '0.0.0.0');
  await once(holder, 'listening');
  const alpha = new Station('ALPHA', testRing(), { port: holder.address().port });
  t.after(() => alpha.transport.close());
  await assert.rejects(alpha.transport.start(alpha), {
    code: 'ERR_MAILSLOT_IO',
    message: /refused \(EADDRINUSE\)/,
  });
  holder.close();
  await once(holder, 'close');
  await alpha.transport.start(alpha);
  assert.equal(alpha.transport.describe().groups.length, 1);
});

test('an interface that is not there is told, and the others are used', async (t) => {
  const port = await freePort();
  const alpha = new Station('ALPHA', testRing(), { port, interfaces: ['lo', 'nosuch0'] });
  t.after(() => alpha.transport.close());
  await alpha.transport.start(alpha);
  const { missing, ways, groups, problems } = alpha.transport.describe();
  assert.deepEqual(missing, ['nosuch0']);
  assert.deepEqual([ways.length, groups.length, problems], [1, 1, {}]);
});

test('options that make no sense are refused', () => {
  const refused = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };
  for (const port of [0, 1.5, 65_536, Number.NaN]) {
    assert.throws(() => new Station('A', testRing(), { port }), refused);
  }
  assert.throws(() => new Station('A', testRing(), { interfaces: [] }), refused);
  for (const bytesPerSecond of [0, -1, Number.NaN]) {
    assert.throws(() => new Station('A', testRing(), { bytesPerSecond }), refused);
  }
  assert.throws(() => new Station('A', testRing(1, 'HOME'), {}), refused);
});
