import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realPorts } from '../ports/ports.js';
import { DOMAIN, datagramOf, testKey, testRing } from './packet.test.support.js';
import { ClearPacketReader, PacketReader } from './packet-reader.js';
import { PacketWriter } from './packet-writer.js';

const options = { domain: DOMAIN, ports: realPorts, batchBytes: 1_000, bufferBytes: 10_000 };

function readerOf(ring = testRing()): PacketReader {
  return new PacketReader({ ring, isOwn: () => false, ways: () => 1, ports: realPorts });
}

/** The next packet, in one piece. */
function nextOf(writer: PacketWriter): Buffer {
  const { pieces } = writer.next() ?? assert.fail('nothing waits');
  return Buffer.concat(pieces ?? assert.fail('no key is in use'));
}

test('messages that wait for one way share a sealed packet, which opens once', () => {
  const writer = new PacketWriter({ ...options, ring: testRing() });
  const datagrams = ['one', 'two'].map((text) => datagramOf(text));
  for (const datagram of datagrams) assert.ok(writer.put(datagram, 'east'));
  assert.ok(writer.put(datagramOf('three'), 'west'));
  assert.deepEqual([writer.hasFull, writer.size], [true, 2_000]);
  const [packet, reader] = [nextOf(writer), readerOf()];
  const decoded = reader.open(packet);
  assert.deepEqual(typeof decoded === 'object' && decoded.datagrams, datagrams);
  assert.equal(reader.open(packet), 'replay');
  const west = writer.next();
  assert.deepEqual([west?.way, west?.messages, writer.next(), writer.size], ['west', 1, undefined, 0]);
  const head = Buffer.concat(west?.pieces ?? []);
  assert.ok(writer.wrote(head.toString('latin1', 8, 32)), 'its own session');
});

test('a packet is sealed with the key that is in use when it leaves, and without one it is lost', () => {
  const ring = testRing(1);
  const writer = new PacketWriter({ ...options, ring });
  writer.put(datagramOf('one'), '');
  ring.replace([testKey(2)], testKey(2).id);
  assert.equal(typeof readerOf(testRing(2)).open(nextOf(writer)), 'object');
  writer.put(datagramOf('two'), '');
  ring.replace([], undefined);
  assert.deepEqual(writer.next(), { way: '', messages: 1, isFull: false, pieces: undefined });
});

test('a packet in clear is read by who asks for it, and by nobody else', () => {
  const writer = new PacketWriter({ ...options, ring: undefined });
  writer.put(datagramOf('one'), '');
  const clear = nextOf(writer);
  assert.equal(clear.toString('hex', 0, 8), '4d534c4e01010000');
  const reader = new ClearPacketReader(DOMAIN);
  const decoded = reader.open(clear);
  assert.deepEqual(typeof decoded === 'object' && decoded.datagrams, [datagramOf('one')]);
  assert.equal(readerOf().open(Buffer.concat([clear, Buffer.alloc(60)])), 'malformed');
  const sealed = new PacketWriter({ ...options, ring: testRing() });
  sealed.put(datagramOf('one'), '');
  assert.equal(reader.open(nextOf(sealed)), 'foreign');
});

test('a packet in clear that is cut off, too long or something else is thrown away', () => {
  const reader = new ClearPacketReader(DOMAIN);
  const writer = new PacketWriter({ ...options, ring: undefined });
  writer.put(datagramOf('one'), '');
  const clear = nextOf(writer);
  // Without its message a packet says nothing, and is none the worse for it.
  for (let length = 0; length < clear.length; length += 1) {
    const found = reader.open(clear.subarray(0, length));
    assert.ok(
      found === 'malformed' || (typeof found === 'object' && found.datagrams.length === 0),
      `${length}`,
    );
  }
  assert.equal(reader.open(Buffer.alloc(65_508)), 'too-large');
  assert.equal(reader.open(Buffer.alloc(100)), 'malformed');
  assert.equal(reader.open(Buffer.from(clear).fill(2, 4, 5)), 'malformed');
});

test('a network that takes less has smaller packets from then on, and a longer message still one of its own', () => {
  const writer = new PacketWriter({ ...options, ring: testRing() });
  writer.fitInto(300);
  for (let count = 0; count < 10; count += 1) writer.put(datagramOf('x'.repeat(50)), '');
  writer.put(datagramOf('x'.repeat(400)), '');
  const sizes: number[] = [];
  for (let packet = writer.next(); packet; packet = writer.next())
    sizes.push(Buffer.concat(packet.pieces ?? []).length);
  assert.ok(
    sizes.slice(0, -1).every((size) => size <= 300),
    sizes.join(),
  );
  assert.ok((sizes.at(-1) as number) > 400);
  writer.fitInto(100_000);
  for (let count = 0; count < 5; count += 1) writer.put(datagramOf('x'.repeat(50)), '');
  assert.equal(writer.next()?.messages, 5, 'no larger than was said at first, but as large');
});
