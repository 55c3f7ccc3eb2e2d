import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ServerInfo } from '@nats-io/transport-node';
import fc from 'fast-check';
import { VirtualClock } from 'mailslot/testing';
import { type KeyRing, MAX_PACKET_MESSAGE, PacketReader, realPorts } from 'mailslot/transports';
import { NATS_BUFFER, NATS_KEEP_MS, NATS_WINDOW_MAX } from './limits.js';
import { Outbox, type Publishing } from './outbox.js';
import { datagramOf, testRing } from './packet.test.support.js';
import { Refusals } from './refusals.js';
import { subjectsOf } from './subjects.js';

/** A connection that a test is the other end of. */
class Server implements Publishing {
  isConnected = true;
  maxPayload = 1 << 20;
  readonly published: { readonly subject: string; readonly bytes: Uint8Array }[] = [];
  private questions: ((isThere: boolean) => void)[] = [];

  get info(): ServerInfo {
    return { max_payload: this.maxPayload } as ServerInfo;
  }

  publish(subject: string, bytes: Uint8Array): void {
    this.published.push({ subject, bytes });
  }

  ask(): Promise<boolean> {
    return new Promise((resolve) => this.questions.push(resolve));
  }

  async answer(isThere = true): Promise<void> {
    const { questions } = this;
    this.questions = [];
    for (const resolve of questions) resolve(isThere);
    await turn();
  }
}

class Rig {
  readonly clock = new VirtualClock();
  readonly refusals: Refusals = new Refusals(this.clock);
  readonly ring: KeyRing = testRing();
  readonly warnings: string[] = [];
  rooms = 0;
  taken = 0;
  readonly outbox: Outbox = new Outbox({
    domain: 'OFFICE',
    computer: 'ALPHA',
    ring: this.ring,
    ports: { ...realPorts, clock: this.clock, log: { warn: (text) => this.warnings.push(text) } },
    refusals: this.refusals,
    onRoom: () => {
      this.rooms += 1;
    },
  });

  send(length = 10, slot = 'a'): boolean {
    const isTaken = this.outbox.send(datagramOf(this.taken + 1, { data: Buffer.alloc(length), slot }));
    if (isTaken) this.taken += 1;
    return isTaken;
  }

  /** Messages that are in what was published. */
  read(server: Server): number[] {
    const reader = new PacketReader({ ring: this.ring, isOwn: () => false, ways: () => 1, ports: realPorts });
    return server.published.flatMap(({ bytes }) => {
      const decoded = reader.open(Buffer.from(bytes));
      assert.ok(typeof decoded === 'object', `${JSON.stringify(decoded)}`);
      return decoded.datagrams.map(({ identity }) => identity.counter);
    });
  }
}

test('what is sent in one turn shares a packet for each subject', async () => {
  const [rig, server] = [new Rig(), new Server()];
  rig.outbox.connected(server);
  for (let at = 0; at < 10; at += 1) rig.send(10, at % 2 === 0 ? 'a' : 'b');
  assert.equal(server.published.length, 0);
  await turn();
  const { toDomain } = subjectsOf('OFFICE', 'ALPHA');
  assert.deepEqual(
    server.published.map(({ subject }) => subject).sort(),
    [toDomain('a'), toDomain('b')].sort(),
  );
  assert.deepEqual(
    rig.read(server).sort((one, other) => one - other),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
});

test('without a key nothing leaves, and it is counted', async () => {
  const [rig, server] = [new Rig(), new Server()];
  rig.outbox.connected(server);
  rig.ring.replace(rig.ring.keys, undefined);
  rig.send();
  await turn();
  assert.equal(server.published.length, 0);
  assert.equal(rig.outbox.sent.unsent, 1);
});

test('what the server does not take or allow does not leave, and is counted', async () => {
  const [rig, server] = [new Rig(), new Server()];
  server.maxPayload = 1_000;
  rig.outbox.connected(server);
  rig.refusals.add('publish', subjectsOf('OFFICE', 'ALPHA').toDomain('b'));
  rig.send(2_000, 'a');
  rig.send(10, 'b');
  rig.send(10, 'c');
  await turn();
  assert.deepEqual(rig.read(server), [3]);
  assert.equal(rig.outbox.sent.unsent, 2);
});

test('how long a message may be follows what the server says it takes, and so do packets of several', async () => {
  const [rig, server] = [new Rig(), new Server()];
  const to = { kind: 'computer', name: 'BETA' } as const;
  assert.equal(rig.outbox.limitTo(to, 'a'), MAX_PACKET_MESSAGE);
  rig.outbox.connected(server);
  assert.equal(rig.outbox.limitTo(to, 'a'), MAX_PACKET_MESSAGE);
  server.maxPayload = 2_000;
  const limit = rig.outbox.limitTo(datagramOf(1).to, 'a');
  rig.send(limit, 'a');
  for (let count = 0; count < 50; count += 1) rig.send(100, 'b');
  await turn();
  assert.equal(rig.read(server).length, 51);
  assert.deepEqual([rig.outbox.sent.unsent, rig.warnings], [0, []]);
  assert.ok(server.published.every(({ bytes }) => bytes.length <= 2_000));
  const longest = Math.max(...server.published.map(({ bytes }) => bytes.length));
  assert.ok(longest > 1_990, `${longest} bytes of 2000: none is refused that would have arrived`);
  rig.outbox.lost();
  assert.equal(rig.outbox.limitTo(datagramOf(1).to, 'a'), limit, 'what comes back is the server that it was');
});

test('what waited when the server came to take less is counted, and told once', async () => {
  const [rig, server] = [new Rig(), new Server()];
  rig.outbox.connected(server);
  for (const slot of ['a', 'b', 'c']) rig.send(5_000, slot);
  server.maxPayload = 2_000;
  await turn();
  assert.deepEqual([rig.read(server), rig.outbox.sent.unsent], [[], 3]);
  assert.equal(rig.warnings.length, 1);
  assert.match(rig.warnings[0] ?? '', /takes 2000 bytes at most/);
});

test('what was not confirmed is bounded, then what waits is; then nothing is taken until there is room', async () => {
  const [rig, server] = [new Rig(), new Server()];
  rig.outbox.connected(server);
  while (rig.send(MAX_PACKET_MESSAGE)) await turn();
  const left = server.published.reduce((sum, { bytes }) => sum + bytes.length, 0);
  assert.ok(left <= NATS_WINDOW_MAX, `${left} bytes left without the server's word`);
  assert.ok(rig.outbox.size <= NATS_BUFFER);
  assert.equal(rig.rooms, 0);
  while (rig.outbox.size > 0) await server.answer();
  assert.equal(rig.rooms, 1);
  assert.equal(rig.read(server).length, rig.taken);
  assert.equal(rig.send(), true);
});

test('what waited through a short loss is sent, and what waited too long is not', async () => {
  const rig = new Rig();
  rig.send(10, 'old');
  await turn();
  rig.clock.advance(NATS_KEEP_MS - 1);
  rig.send(10, 'young');
  await turn();
  rig.clock.advance(2);
  const server = new Server();
  rig.outbox.connected(server);
  assert.deepEqual(rig.read(server), [2]);
  assert.equal(rig.outbox.sent.unsent, 1);
});

test('what waits is forgotten in time also while nobody sends', async () => {
  const rig = new Rig();
  while (rig.send(MAX_PACKET_MESSAGE));
  await turn();
  rig.clock.advance(NATS_KEEP_MS + 1);
  rig.outbox.look();
  assert.equal(rig.outbox.size, 0);
  assert.equal(rig.outbox.sent.unsent, rig.taken);
  assert.equal(rig.rooms, 1);
});

test('idle is when the server has everything, or is gone', async () => {
  const [rig, server] = [new Rig(), new Server()];
  rig.outbox.connected(server);
  let isIdle = false;
  rig.send();
  const idle = rig.outbox.idle().then(() => {
    isIdle = true;
  });
  await turn();
  assert.equal(isIdle, false);
  await server.answer();
  await idle;
  rig.send();
  const again = rig.outbox.idle();
  rig.outbox.lost();
  await again;
  assert.equal(rig.outbox.sent.doubtful, 1);
});

/** What may happen to a connection and a sender, in any order. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send' as const), length: fc.nat(60_000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('turn' as const, 'answer' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('lose' as const, 'find' as const, 'deny' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(NATS_KEEP_MS) }) },
);

test('every message that was taken is sent or unsent, once, whatever becomes of the connection', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const rig = new Rig();
      const servers: Server[] = [];
      const current = (): Server | undefined => servers.at(-1);
      for (const each of steps) {
        if (each.kind === 'send') rig.send(each.length, `s${each.length % 3}`);
        else if (each.kind === 'turn') await turn();
        else if (each.kind === 'answer') await current()?.answer();
        else if (each.kind === 'wait') rig.clock.advance(each.ms);
        else if (each.kind === 'deny') await current()?.answer(false);
        else if (each.kind === 'lose') rig.outbox.lost();
        else {
          rig.outbox.lost();
          servers.push(new Server());
          rig.outbox.connected(servers.at(-1) as Server);
        }
      }
      await turn();
      rig.outbox.stop();
      const { sent } = rig.outbox;
      assert.equal(sent.messages + sent.unsent, rig.taken);
      assert.ok(sent.doubtful <= sent.messages);
      const left = servers.flatMap((server) => rig.read(server));
      assert.equal(left.length, sent.messages);
      assert.equal(new Set(left).size, left.length);
      assert.equal(rig.outbox.size, 0);
    }),
    { numRuns: 200 },
  );
});
