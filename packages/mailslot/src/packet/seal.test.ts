import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sessionOf } from './head.js';
import { keyIdOf, keyTagOf, Sealer, sealingKeyOf, unseal } from './seal.js';

const secret = Buffer.alloc(32, 7);
const session = sessionOf(keyTagOf(secret, 'OFFICE'), Buffer.alloc(16, 9));
const key = sealingKeyOf(secret, 'OFFICE', session);

test('what was sealed opens, whatever its length', () => {
  const sealer = new Sealer(session, key, 1);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (plain) => {
      const packet = Buffer.concat(sealer.seal(plain));
      assert.deepEqual(new Uint8Array(unseal(key, packet)!), plain);
    }),
  );
});

test('a packet with one bit changed does not open, whichever it is', () => {
  const packet = Buffer.concat(new Sealer(session, key, 1).seal(Buffer.from('door open')));
  for (let bit = 0; bit < packet.length * 8; bit += 1) {
    const changed = Buffer.from(packet);
    changed[bit >>> 3] = changed[bit >>> 3]! ^ (1 << (bit & 7));
    assert.equal(unseal(key, changed), undefined, `bit ${bit}`);
  }
});

test('one secret gives another tag and another key in each domain, and another key in each session', () => {
  assert.notEqual(keyTagOf(secret, 'OFFICE'), keyTagOf(secret, 'HOME'));
  const other = sessionOf(keyTagOf(secret, 'OFFICE'), Buffer.alloc(16, 8));
  const packet = Buffer.concat(new Sealer(session, key, 1).seal(Buffer.from('door open')));
  for (const wrong of [
    sealingKeyOf(secret, 'HOME', session),
    sealingKeyOf(secret, 'OFFICE', other),
    sealingKeyOf(Buffer.alloc(32, 8), 'OFFICE', session),
  ]) {
    assert.equal(unseal(wrong, packet), undefined);
  }
});

test('a domain is the same in any case', () => {
  assert.equal(keyTagOf(secret, 'Büro'), keyTagOf(secret, 'BÜRO'));
  const packet = Buffer.concat(
    new Sealer(session, sealingKeyOf(secret, 'Büro', session), 1).seal(Buffer.from('a')),
  );
  assert.equal(unseal(sealingKeyOf(secret, 'BÜRO', session), packet)?.toString(), 'a');
});

test('no packet of a session has the nonce, or the bytes, of another', () => {
  const sealer = new Sealer(session, key, 1);
  const packets = Array.from({ length: 50 }, () => Buffer.concat(sealer.seal(Buffer.from('the same'))));
  assert.equal(new Set(packets.map((packet) => packet.toString('hex', 32, 40))).size, 50);
  assert.equal(new Set(packets.map((packet) => packet.toString('hex', 40))).size, 50);
});

test('the plain bytes may be written over once they are sealed', () => {
  const plain = Buffer.from('door open');
  const pieces = new Sealer(session, key, 1).seal(plain);
  plain.fill(0);
  assert.equal(unseal(key, Buffer.concat(pieces))?.toString(), 'door open');
});

test('an id tells keys apart and not their secrets', () => {
  assert.match(keyIdOf(secret), /^[0-9a-f]{8}$/);
  assert.notEqual(keyIdOf(secret), keyIdOf(Buffer.alloc(32, 8)));
});
