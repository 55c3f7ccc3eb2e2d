import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../../errors.js';
import type { SlotInfo } from '../slot-info.js';
import { decodeInfo, encodeInfo } from './info.js';

const info: SlotInfo = {
  name: 'a/b',
  pid: 0x1234,
  owner: 1000,
  access: 'group',
  maxMessageSize: 424,
  messageLimit: 4 << 20,
  nextMessageSize: 5,
  messageCount: 2,
  readTimeout: 200,
  queueBytes: 64 << 20,
  queueUsed: 138,
  whenFull: 'drop-newest',
  writers: 3,
  createdAt: 1_700_000_000_000,
  received: 10,
  delivered: 7,
  dropped: 1,
  rejected: 0x1_0000_0000,
};

/** Written by hand from the picture in info.ts. */
const infoBytes = Buffer.from(
  [
    '34120000', // 0 process id
    'e8030000', // 4 user id
    '01', // 8 group
    '02', // 9 drop-newest
    '0000', // 10
    'a8010000', // 12 maxMessageSize
    'c8000000', // 16 read timeout
    '05000000', // 20 next message
    '0200000000000000', // 24 messages waiting
    '0000000400000000', // 32 queue's bound
    '8a00000000000000', // 40 queue's use
    '0300000000000000', // 48 writers
    '0068e5cf8b010000', // 56 created
    '00004000', // 64 longest message
    '00000000', // 68
    '0a00000000000000', // 72 received
    '0700000000000000', // 80 delivered
    '0100000000000000', // 88 dropped
    '0000000001000000', // 96 rejected
    '03000000', // 104 length of the name
    '612f62', // 108 a/b
  ].join(''),
  'hex',
);

test('the information is laid out as the picture says', () => {
  assert.equal(Buffer.from(encodeInfo(info)).toString('hex'), infoBytes.toString('hex'));
  assert.equal(infoBytes.length, 108 + 3);
  assert.deepEqual(decodeInfo(infoBytes), info);
});

test('what there is none of is all ones', () => {
  const none = {
    ...info,
    owner: undefined,
    readTimeout: Number.POSITIVE_INFINITY,
    nextMessageSize: undefined,
  };
  const bytes = Buffer.from(encodeInfo(none));
  for (const at of [4, 16, 20]) assert.equal(bytes.readUInt32LE(at), 0xffff_ffff);
  assert.deepEqual(decodeInfo(bytes), none);
});

test('a read timeout is told in whole milliseconds, and never as none or forever when it is neither', () => {
  const told = (readTimeout: number): number => decodeInfo(encodeInfo({ ...info, readTimeout })).readTimeout;
  assert.equal(told(0), 0);
  assert.equal(told(0.1), 1);
  assert.equal(told(1.5), 2);
  assert.equal(told(2 ** 40), Number.POSITIVE_INFINITY);
});

const word = fc.oneof(fc.constantFrom(0, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe), fc.nat(0xffff_fffe));
const count = fc.oneof(fc.constantFrom(0, Number.MAX_SAFE_INTEGER), fc.maxSafeNat());

test('everything comes back, at its extremes too', () => {
  const any: fc.Arbitrary<SlotInfo> = fc.record(
    {
      name: fc.string({ unit: 'grapheme' }),
      pid: fc.integer({ min: 1, max: 0x7fff_ffff }),
      owner: fc.oneof(fc.constant(undefined), word),
      access: fc.constantFrom('owner', 'group', 'everyone'),
      maxMessageSize: fc.oneof(fc.constant(0xffff_ffff), word),
      messageLimit: fc.oneof(fc.constant(0xffff_feff), word),
      nextMessageSize: fc.oneof(fc.constant(undefined), word),
      messageCount: count,
      readTimeout: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), word),
      queueBytes: count,
      queueUsed: count,
      whenFull: fc.constantFrom('block', 'reject', 'drop-newest', 'drop-oldest'),
      writers: count,
      createdAt: fc.oneof(
        fc.constant(8.64e15),
        fc.maxSafeNat().map((ms) => ms % 8.64e15),
      ),
      received: count,
      delivered: count,
      dropped: count,
      rejected: count,
    },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(any, (each) => assert.deepEqual(decodeInfo(encodeInfo(each)), each)));
});

test('information that is cut off anywhere is malformed', () => {
  for (let length = 0; length < infoBytes.length; length += 1) {
    assert.throws(() => decodeInfo(infoBytes.subarray(0, length)), { code: 'ERR_MAILSLOT_MALFORMED' });
  }
});

for (const [what, at, bytes] of [
  ['process id 0, which is a whole group of processes', 0, '00000000'],
  ['process id 2^31, which is none', 0, '00000080'],
  ['process id 2^32-1, which is all processes', 0, 'ffffffff'],
  // 8,640,000,000,000,001 ms: one more than a Date can say.
  ['time that is none', 56, '0100dcc208b21e00'],
  ['time 9e15', 56, '0080faca73f91f00'],
  ['count of more than 2^53-1', 24, '0000000000002000'],
] as const) {
  test(`information with a ${what} is malformed`, () => {
    const changed = Buffer.from(infoBytes);
    changed.write(bytes, at, 'hex');
    assert.throws(() => decodeInfo(changed), { code: 'ERR_MAILSLOT_MALFORMED' });
  });
}

test('a later version may say more after the name', () => {
  assert.deepEqual(decodeInfo(Buffer.concat([infoBytes, Buffer.from('more')])), info);
});

test('unknown values of access and rule are refused', () => {
  for (const at of [8, 9]) {
    const changed = Buffer.from(infoBytes);
    changed[at] = 4;
    assert.throws(() => decodeInfo(changed), { code: 'ERR_MAILSLOT_MALFORMED' });
  }
});

test('each single byte changed to each value decodes or is refused', () => {
  for (let at = 0; at < infoBytes.length; at += 1) {
    for (let value = 0; value < 0x100; value += 1) {
      const changed = Buffer.from(infoBytes);
      changed[at] = value;
      try {
        decodeInfo(changed);
      } catch (error) {
        assert.ok(error instanceof MailslotError && error.code === 'ERR_MAILSLOT_MALFORMED', String(error));
      }
    }
  }
});
