import assert from 'node:assert/strict';
import type { RemoteInfo } from 'node:dgram';
import { test } from 'node:test';
import { LAN_BATCH, LAN_BUFFER, LAN_LONGEST_PROBE, LAN_MESSAGE_COST, MAX_PACKET_MESSAGE } from '../limits.js';
import { KeyRing } from '../packet/key-ring.js';
import { MessageReader } from '../packet/message-reader.js';
import { openPacket } from '../packet/open.js';
import { DOMAIN, datagramOf, testKey, testRing } from '../packet/packet.test.support.js';
import { Sessions } from '../packet/sessions.js';
import { realPorts } from '../ports/ports.js';
import { realRandom } from '../ports/random.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Datagram } from '../transport/datagram.js';
import { Outbox } from './outbox.js';
import { PathDiscovery } from './path-discovery.js';
import { Peers } from './peers.js';

interface Sent {
  /** An address, or `group`. */
  readonly to: string;
  readonly texts: readonly string[];
}

const address = (text: string): RemoteInfo => ({ address: text, port: 5000, family: 'IPv4', size: 0 });

/** An outbox whose sockets are made of paper. */
class Desk {
  readonly clock = new VirtualClock();
  readonly peers = new Peers();
  readonly sent: Sent[] = [];
  room = 0;
  bytes = 0;
  isOpen = true;
  isFull = false;
  unreachable = '';
  readonly outbox: Outbox;
  private readonly ring: KeyRing;
  private readonly copies = new Set<string>();

  constructor(ring: KeyRing = testRing(), bytesPerSecond = 100_000_000) {
    this.ring = ring;
    const ports = { clock: this.clock, random: realRandom, log: { warn: assert.fail } };
    const onRoom = (): void => {
      this.room += 1;
    };
    const paths = new PathDiscovery({
      peers: this.peers,
      sockets: this,
      ports,
      seal: () => undefined,
      left: () => {},
    });
    const { peers } = this;
    this.outbox = new Outbox({ ring, peers, sockets: this, paths, ports, bytesPerSecond, onRoom });
  }

  /** An instance is known, and reached at this address, by packets of all sizes. */
  knows(instance: string, computer: string, at: string): void {
    this.peers.heard(instance, computer, address(at), 0);
    const path = this.peers.get(instance)?.candidates[0]?.path;
    path?.begin(LAN_LONGEST_PROBE);
    path?.answered(LAN_LONGEST_PROBE, 0);
  }

  isNear(): boolean {
    return true;
  }

  readonly addresses: [] = [];
  readonly basePacket: number = LAN_LONGEST_PROBE;

  targetsOf(): [] {
    return [];
  }

  tryOne(): void {}

  toGroup(packet: readonly Buffer[], size: number): void {
    this.note('group', packet, size);
  }

  toOne(packet: readonly Buffer[], size: number, to: RemoteInfo): boolean {
    if (to.address === this.unreachable) return false;
    this.note(to.address, packet, size);
    return true;
  }

  send(text: string, changes: Partial<Datagram> = {}): boolean {
    return this.outbox.send(datagramOf(text, changes));
  }

  private note(to: string, pieces: readonly Buffer[], size: number): void {
    const packet = Buffer.concat(pieces);
    assert.equal(packet.length, size);
    this.bytes += size;
    // The same packet may go to several addresses; a session never says anything twice.
    const isNew = !this.copies.has(packet.toString('hex', 8, 40));
    this.copies.add(packet.toString('hex', 8, 40));
    assert.ok(isNew || to !== 'group');
    const sessions = new Sessions({ ring: this.ring, isOwn: () => false, ways: () => 1, ports: realPorts });
    const decoded = openPacket(packet, sessions, new MessageReader(DOMAIN));
    assert.ok(typeof decoded !== 'string', String(decoded));
    this.sent.push({ to, texts: decoded.datagrams.map(({ data }) => Buffer.from(data).toString()) });
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what is sent in one turn shares a packet, which leaves at the end of the turn', async () => {
  const desk = new Desk();
  assert.ok(desk.send('one'));
  assert.ok(desk.send('two'));
  assert.deepEqual(desk.sent, []);
  await turn();
  assert.deepEqual(desk.sent, [{ to: 'group', texts: ['one', 'two'] }]);
  desk.send('three');
  await turn();
  assert.deepEqual(desk.sent.slice(1), [{ to: 'group', texts: ['three'] }]);
  assert.equal(desk.outbox.size, 0);
  assert.deepEqual(desk.outbox.sent, { packets: 2, bytes: desk.bytes, messages: 3, unsent: 0 });
});

test('in a long turn, what is full leaves at once', () => {
  const desk = new Desk();
  for (let count = 0; count < 20; count += 1) desk.send('x'.repeat(LAN_BATCH / 2));
  assert.ok(desk.sent.length >= 8, `${desk.sent.length} packets`);
});

test('a computer gets its messages at the addresses of its instances, once at each', async () => {
  const desk = new Desk();
  desk.knows('1', 'Beta', '10.0.0.1');
  desk.knows('2', 'BETA', '10.0.0.2');
  desk.knows('3', 'beta', '10.0.0.2');
  desk.send('to beta', { to: { kind: 'computer', name: 'beta' } });
  desk.send('to all');
  desk.send('to gamma', { to: { kind: 'computer', name: 'GAMMA' } });
  await turn();
  assert.deepEqual(desk.sent, [
    { to: '10.0.0.1', texts: ['to beta'] },
    { to: '10.0.0.2', texts: ['to beta'] },
    { to: 'group', texts: ['to all', 'to gamma'] },
  ]);
});

test('if one of the addresses has no way to it, the group is told instead', async () => {
  const desk = new Desk();
  desk.unreachable = '10.0.0.1';
  desk.knows('1', 'BETA', '10.0.0.1');
  desk.send('to beta', { to: { kind: 'computer', name: 'BETA' } });
  await turn();
  assert.deepEqual(desk.sent, [{ to: 'group', texts: ['to beta'] }]);
});

test('beyond the rate packets wait, and share what waits; beyond the buffer messages are refused until there is room', async () => {
  const desk = new Desk(testRing(), 1_000_000);
  let taken = 0;
  while (desk.send('x'.repeat(100))) taken += 1;
  assert.ok(desk.outbox.size > LAN_BUFFER - LAN_BATCH && desk.outbox.size <= LAN_BUFFER);
  await turn();
  assert.equal(desk.room, 0);
  const cost = (): number => desk.bytes + desk.outbox.sent.messages * LAN_MESSAGE_COST;
  const before = cost();
  for (let ms = 0; ms < 3_000; ms += 1) desk.clock.advance(1);
  assert.ok(Math.abs(cost() - before - 3_000_000) < 50_000, `${cost() - before} bytes in 3 s`);
  assert.equal(desk.room, 0);
  for (let ms = 0; ms < 3_000; ms += 1) desk.clock.advance(1);
  assert.equal(desk.room, 1, 'told once, when half of the buffer is free');
  for (let ms = 0; ms < 6_000; ms += 1) desk.clock.advance(1);
  assert.equal(desk.outbox.size, 0);
  assert.equal(desk.sent.flatMap(({ texts }) => texts).length, taken);
  assert.equal(desk.clock.pending, 0);
});

test('what the system does not take waits too', async () => {
  const desk = new Desk();
  desk.isFull = true;
  desk.send('one');
  await turn();
  desk.clock.advance(50);
  assert.deepEqual(desk.sent, []);
  desk.isFull = false;
  desk.send('two');
  desk.clock.advance(1);
  assert.deepEqual(desk.sent, [{ to: 'group', texts: ['one', 'two'] }]);
});

test('without a key, or an interface, messages are counted and gone', async () => {
  const ring = new KeyRing(DOMAIN, [testKey()], undefined);
  const desk = new Desk(ring);
  desk.send('one');
  await turn();
  ring.use(testKey().id);
  desk.isOpen = false;
  desk.send('two');
  await turn();
  assert.deepEqual(desk.sent, []);
  assert.equal(desk.outbox.sent.unsent, 2);
  desk.isOpen = true;
  desk.send('three');
  await turn();
  assert.deepEqual(desk.sent, [{ to: 'group', texts: ['three'] }]);
});

test('what waits when the key changes is sealed with the new one', async () => {
  const ring = testRing();
  const desk = new Desk(ring);
  desk.send('one');
  ring.install(testKey(2));
  ring.use(testKey(2).id);
  ring.remove(testKey(1).id);
  await turn();
  assert.deepEqual(desk.sent, [{ to: 'group', texts: ['one'] }]);
});

test('waiting for the end is over when nothing waits, or when it is stopped', async () => {
  const desk = new Desk(testRing(), 1_000);
  await desk.outbox.empty();
  desk.send('one');
  desk.send('x'.repeat(MAX_PACKET_MESSAGE));
  desk.send('two');
  let isEmpty = false;
  const empty = desk.outbox.empty().then(() => {
    isEmpty = true;
  });
  await turn();
  assert.equal(isEmpty, false);
  desk.outbox.stop();
  await empty;
  assert.equal(desk.clock.pending, 0);
});
