import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_HOST_UNITS, MAX_PACKET, MAX_PACKET_MESSAGE, MAX_PACKET_PATH_BYTES } from '../limits.js';
import type { Datagram } from '../transport/datagram.js';
import { HEAD_SIZE, SEAL_SIZE } from './head.js';
import { type DecodedPacket, MessageReader } from './message-reader.js';
import { encodeSender, MessageWriter } from './message-writer.js';
import { DOMAIN, datagramOf, INSTANCE } from './packet.test.support.js';

/** The sealed part of a packet with these messages, which are all of one sender. */
function written(datagrams: readonly Datagram[], computer = 'ALPHA', instance: string = INSTANCE): Buffer {
  const writer = new MessageWriter(DOMAIN);
  const parts = datagrams.map((datagram) => {
    const bytes = Buffer.alloc(writer.measure(datagram));
    assert.equal(writer.put(datagram, bytes, 0), bytes.length);
    return bytes;
  });
  return Buffer.concat([encodeSender(instance, computer), ...parts]);
}

const read = (plain: Buffer): DecodedPacket | string => new MessageReader(DOMAIN).read(plain);

const host = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((text) => !/[\\/\0]/.test(text));
const slot = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
const positive = fc.maxSafeNat().filter((number) => number > 0);
const body = fc.record({
  counter: positive,
  stamp: fc.maxSafeNat(),
  sequence: positive,
  slot,
  scope: fc.constantFrom('lan' as const, 'site' as const),
  to: fc.oneof(
    fc.constant({ kind: 'domain' as const, name: DOMAIN }),
    fc
      .tuple(fc.constantFrom('domain' as const, 'computer' as const), host)
      .map(([kind, name]) => ({ kind, name })),
  ),
  data: fc.uint8Array({ maxLength: 40 }),
});
const decoded = fc
  .record({
    instance: fc
      .uint8Array({ minLength: 8, maxLength: 8 })
      .map((bytes) => Buffer.from(bytes).toString('hex')),
    computer: host,
    bodies: fc.array(body, { maxLength: 5 }),
  })
  .map(({ instance, computer, bodies }): DecodedPacket => {
    const datagrams = bodies.map(({ counter, stamp, data, ...others }) => {
      return { identity: { instance, counter, stamp }, from: computer, ...others, data: Buffer.from(data) };
    });
    return { instance, computer, datagrams };
  });

test('messages are laid out as the picture says', () => {
  const one = datagramOf('hi', { identity: { instance: INSTANCE, counter: 7, stamp: 0x0102 }, sequence: 3 });
  const two = datagramOf('', { to: { kind: 'computer', name: 'BÄR' }, slot: 'é' });
  assert.equal(
    written([one, two]).toString('hex'),
    [
      '0123456789abcdef 0500 414c504841',
      '02 0700000000000000 0201000000000000 0300000000000000 0000 0a00 6170702f6576656e7473 02000000 6869',
      '01 0100000000000000 00a8da769b010000 0100000000000000 0400 42c38452 0200 c3a9 00000000',
    ]
      .join('')
      .replaceAll(' ', ''),
  );
});

test('a message that stays on its LAN says so in its kind', () => {
  const kindOf = (changes: Partial<Datagram>): number => written([datagramOf('', changes)])[15] as number;
  const to = { kind: 'computer', name: 'BETA' } as const;
  assert.deepEqual(
    [kindOf({}), kindOf({ to }), kindOf({ scope: 'lan' }), kindOf({ to, scope: 'lan' })],
    [2, 1, 18, 17],
  );
});

test('any packet comes back as it was written', () => {
  fc.assert(
    fc.property(decoded, (given) => {
      assert.deepEqual(read(written(given.datagrams, given.computer, given.instance)), given);
    }),
  );
});

test('a reader is not led astray by the names that it read before', () => {
  const reader = new MessageReader(DOMAIN);
  fc.assert(
    fc.property(decoded, ({ datagrams, computer, instance }) => {
      assert.deepEqual(reader.read(written(datagrams, computer, instance)), {
        instance,
        computer,
        datagrams,
      });
    }),
  );
});

test('a packet cut off anywhere is malformed, unless it ends between two messages', () => {
  fc.assert(
    fc.property(decoded, ({ datagrams, computer }) => {
      const plain = written(datagrams, computer);
      const ends = datagrams.map((_, count) => written(datagrams.slice(0, count), computer).length);
      for (let length = 0; length < plain.length; length += 1) {
        const found = read(plain.subarray(0, length));
        if (!ends.includes(length)) assert.equal(found, 'malformed', `${length} of ${plain.length}`);
        else assert.notEqual(found, 'malformed');
      }
    }),
    { numRuns: 30 },
  );
});

test('whatever a member sends is read or refused, and nothing is thrown', () => {
  const reader = new MessageReader(DOMAIN);
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 120 }),
    decoded.map(({ datagrams }) => written(datagrams)),
  );
  const flips = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(noise, flips, (bytes, changes) => {
      const plain = Buffer.from(bytes);
      for (const [at, value] of changes) if (at < plain.length) plain[at] = value;
      const found = reader.read(plain);
      if (typeof found === 'string') return assert.match(found, /^(malformed|too-large)$/);
      for (const { data, slot: path } of found.datagrams)
        assert.ok(data.length <= plain.length && path !== '');
    }),
    { numRuns: 2000 },
  );
});

test('a message of a kind that is not known is skipped, and the others are read', () => {
  const plain = written([datagramOf('one'), datagramOf('two'), datagramOf('three')]);
  const size = (plain.length - written([]).length - 'onetwothree'.length) / 3;
  plain[written([]).length + size + 3] = 3;
  const found = read(plain);
  assert.ok(typeof found !== 'string');
  assert.deepEqual(
    found.datagrams.map(({ data }) => Buffer.from(data).toString()),
    ['one', 'three'],
  );
});

test('a packet without messages says who sent it', () => {
  assert.deepEqual(read(written([])), { instance: INSTANCE, computer: 'ALPHA', datagrams: [] });
});

test('names that are none are malformed', () => {
  for (const computer of ['', 'a/b', 'a\\b', 'a\0', 'a'.repeat(MAX_HOST_UNITS + 1)]) {
    assert.equal(read(written([], computer)), 'malformed', JSON.stringify(computer));
    const to = { kind: 'computer', name: computer } as const;
    assert.equal(read(written([datagramOf('', { to })])), 'malformed', JSON.stringify(computer));
  }
  assert.equal(read(written([datagramOf('', { slot: '' })])), 'malformed');
  const illFormed = written([], 'AA');
  illFormed[10] = 0xff;
  assert.equal(read(illFormed), 'malformed');
});

test('a counter or sequence of 0, or one that a number cannot hold, is malformed', () => {
  const plain = written([datagramOf('')]);
  const start = written([]).length;
  for (const at of [1, 17]) {
    const zero = Buffer.from(plain).fill(0, start + at, start + at + 8);
    assert.equal(read(zero), 'malformed');
  }
  for (const at of [1, 9, 17]) {
    const huge = Buffer.from(plain).fill(0xff, start + at, start + at + 8);
    assert.equal(read(huge), 'malformed');
  }
});

test('the longest message with the longest names fits into a packet, and one byte more is refused', () => {
  const longest = datagramOf(Buffer.alloc(MAX_PACKET_MESSAGE), {
    to: { kind: 'computer', name: '\uffee'.repeat(MAX_HOST_UNITS) },
    slot: 'x'.repeat(MAX_PACKET_PATH_BYTES),
  });
  const plain = written([longest], '\uffee'.repeat(MAX_HOST_UNITS));
  assert.ok(HEAD_SIZE + plain.length + SEAL_SIZE <= MAX_PACKET, `${plain.length} bytes`);
  assert.ok(typeof read(plain) !== 'string');

  const writer = new MessageWriter(DOMAIN);
  assert.throws(() => writer.measure(datagramOf(Buffer.alloc(MAX_PACKET_MESSAGE + 1))), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    size: MAX_PACKET_MESSAGE + 1,
    limit: MAX_PACKET_MESSAGE,
  });
  const slotTooLong = datagramOf('', { slot: 'ä'.repeat(MAX_PACKET_PATH_BYTES / 2 + 1) });
  assert.throws(() => writer.measure(slotTooLong), { code: 'ERR_MAILSLOT_INVALID_NAME' });
});

test('a member that sends a longer message is not listened to', () => {
  const plain = Buffer.concat([written([datagramOf('')]), Buffer.alloc(MAX_PACKET_MESSAGE + 1)]);
  plain.writeUInt32LE(MAX_PACKET_MESSAGE + 1, plain.length - MAX_PACKET_MESSAGE - 1 - 4);
  assert.equal(read(plain), 'too-large');
  const path = written([datagramOf('', { slot: 'x'.repeat(MAX_PACKET_PATH_BYTES) })]);
  const at = written([]).length + 25 + 2;
  path.writeUInt16LE(MAX_PACKET_PATH_BYTES + 1, at);
  assert.equal(read(Buffer.concat([path, Buffer.alloc(1)])), 'malformed');
});

test('a name that was read stays as it is when the bytes of its packet are used again', () => {
  const reader = new MessageReader(DOMAIN);
  const plain = written([datagramOf('')]);
  reader.read(plain);
  plain.fill(0);
  const again = reader.read(written([datagramOf('')]));
  assert.ok(typeof again !== 'string');
  assert.equal(again.computer, 'ALPHA');
});
