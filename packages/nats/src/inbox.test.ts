import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Datagram, PacketWriter, type Receiver, realPorts } from 'mailslot/transports';
import { Inbox } from './inbox.js';
import { datagramOf, testRing } from './packet.test.support.js';
import { subjectsOf } from './subjects.js';

const SUBJECT = subjectsOf('OFFICE', 'alpha').toDomain('app/events');

class Ear implements Receiver {
  readonly heard: Datagram[] = [];
  readonly drops: string[] = [];
  pieces = 0;
  readonly hasRoom = (): void => undefined;
  together(receive: () => void): void {
    this.pieces += 1;
    receive();
  }
  received(datagram: Datagram): void {
    this.heard.push(datagram);
  }
  dropped(reason: string): void {
    this.drops.push(reason);
  }
}

function packet(key: number | 'clear', ...datagrams: readonly Datagram[]): Buffer {
  const writer = new PacketWriter({
    domain: 'OFFICE',
    ring: key === 'clear' ? undefined : testRing(key),
    ports: realPorts,
    batchBytes: 8_192,
    bufferBytes: 100_000,
  });
  for (const datagram of datagrams) assert.ok(writer.put(datagram, ''));
  return Buffer.concat(writer.next()?.pieces ?? []);
}

const inbox = (seal = true): Inbox =>
  new Inbox({ domain: 'OFFICE', ring: seal ? testRing() : undefined, isOwn: () => false, ports: realPorts });

test('messages are received together, with the server as their origin', () => {
  const [box, ear] = [inbox(), new Ear()];
  box.take(packet(1, datagramOf(1), datagramOf(2)), SUBJECT, 'nats:4222', ear);
  assert.deepEqual(
    ear.heard.map(({ identity }) => identity.counter),
    [1, 2],
  );
  assert.equal(ear.pieces, 1);
  assert.equal(box.received.messages, 2);
});

test('who publishes as one computer and seals as another is forged, sealed or not', () => {
  for (const seal of [true, false]) {
    const [box, ear] = [inbox(seal), new Ear()];
    const made = (from: string): Buffer => packet(seal ? 1 : 'clear', datagramOf(1, { from }));
    box.take(made('BRAVO'), SUBJECT, 'nats:4222', ear);
    assert.deepEqual(ear.drops, ['forged']);
    assert.equal(ear.heard.length, 0);
    box.take(made('Alpha'), SUBJECT, 'nats:4222', ear);
    assert.equal(ear.heard.length, 1);
  }
});

test('another key is foreign, a changed byte forged, the same again a replay, and rubbish malformed', () => {
  const [box, ear] = [inbox(), new Ear()];
  const good = packet(1, datagramOf(1));
  const bad = Buffer.from(good);
  bad[bad.length - 1]! ^= 1;
  for (const each of [packet(2, datagramOf(1)), bad, good, good, Buffer.from('x'), Buffer.alloc(70_000)])
    box.take(each, SUBJECT, 'nats:4222', ear);
  assert.deepEqual(ear.drops, ['foreign', 'forged', 'replay', 'malformed', 'too-large']);
  assert.deepEqual(box.received.dropped, {
    malformed: 1,
    foreign: 1,
    forged: 1,
    replay: 1,
    flood: 0,
    'too-large': 1,
  });
});

test('sealed and in clear do not mix', () => {
  const [sealed, clear, ear] = [inbox(true), inbox(false), new Ear()];
  sealed.take(packet('clear', datagramOf(1)), SUBJECT, 'nats:4222', ear);
  clear.take(packet(1, datagramOf(1)), SUBJECT, 'nats:4222', ear);
  assert.deepEqual(ear.drops, ['malformed', 'foreign']);
  clear.take(packet('clear', datagramOf(1)), SUBJECT, 'nats:4222', ear);
  assert.equal(ear.heard.length, 1);
});
