import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_PACKET } from '../limits.js';
import { type Head, headOf, readHead, saltOfSession, sessionOf, tagOfSession } from './head.js';

const rest = Buffer.alloc(11 + 16);
const session = sessionOf('tagbytes', Buffer.from('saltsaltSALTSALT'));

const bytesOf = (head: Head): Buffer => Buffer.concat([headOf(head), rest]);

test('the head is laid out as the picture says', () => {
  const hex = headOf({ session, counter: 0x01_0203_0405_0607, mark: 0x0a0b }).toString('hex');
  assert.equal(
    hex,
    [
      '4d534c4e01000b0a',
      Buffer.from('tagbytes').toString('hex'),
      Buffer.from('saltsaltSALTSALT').toString('hex'),
      '0706050403020100',
    ].join(''),
  );
});

test('a session is the key tag and the salt, whatever their bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), (bytes) => {
      const tag = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
      const made = sessionOf(tag, bytes.subarray(8));
      assert.equal(tagOfSession(made), tag);
      assert.deepEqual(new Uint8Array(saltOfSession(made)), bytes.subarray(8));
      assert.deepEqual(readHead(bytesOf({ session: made, counter: 1, mark: 7 })), {
        session: made,
        counter: 1,
        mark: 7,
      });
    }),
  );
});

test('every counter that a number holds comes back', () => {
  const counter = fc.oneof(
    fc.maxSafeNat(),
    fc.constantFrom(1, 0xffff_ffff, 2 ** 32, Number.MAX_SAFE_INTEGER),
  );
  fc.assert(
    fc.property(
      counter.filter((each) => each > 0),
      (each) => {
        assert.deepEqual(readHead(bytesOf({ session, counter: each, mark: 0xffff })), {
          session,
          counter: each,
          mark: 0xffff,
        });
      },
    ),
  );
});

test('a packet that is cut off, or begins as another, is malformed', () => {
  const packet = bytesOf({ session, counter: 1, mark: 1 });
  for (let length = 0; length < packet.length; length += 1) {
    assert.equal(readHead(packet.subarray(0, length)), 'malformed');
  }
  for (let at = 0; at < 6; at += 1) {
    const changed = Buffer.from(packet);
    changed[at] = changed[at]! + 1;
    assert.equal(readHead(changed), 'malformed', `byte ${at}`);
  }
});

test('a mark is any two bytes: what it is worth is not said here', () => {
  const packet = bytesOf({ session, counter: 1, mark: 1 });
  packet[6] = 0xff;
  packet[7] = 0xfe;
  assert.deepEqual(readHead(packet), { session, counter: 1, mark: 0xfeff });
});

test('a counter of 0, or one that a number cannot hold, is malformed', () => {
  const packet = bytesOf({ session, counter: 1, mark: 1 });
  packet.fill(0, 32, 40);
  assert.equal(readHead(packet), 'malformed');
  packet.writeBigUInt64LE(2n ** 53n, 32);
  assert.equal(readHead(packet), 'malformed');
});

test('what UDP cannot carry is too large', () => {
  const head = headOf({ session, counter: 1, mark: 0 });
  assert.equal(readHead(Buffer.concat([head], MAX_PACKET + 1)), 'too-large');
  assert.deepEqual(readHead(Buffer.concat([head], MAX_PACKET)), { session, counter: 1, mark: 0 });
});
