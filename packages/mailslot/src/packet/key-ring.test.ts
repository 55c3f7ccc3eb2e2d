import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_KEYS } from '../limits.js';
import { KeyRing, keyOf } from './key-ring.js';
import { testKey } from './packet.test.support.js';
import { keyTagOf } from './seal.js';

const [one, two, three] = [testKey(1), testKey(2), testKey(3)] as const;
const invalid = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };

const idsOf = (ring: KeyRing): string[] => ring.keys.map(({ id }) => id);

test('a domain changes its key: installed, used, and the old one removed', () => {
  const ring = new KeyRing('OFFICE', [one], one.id);
  ring.install(two);
  assert.deepEqual([idsOf(ring), ring.inUse?.id], [[one.id, two.id], one.id]);
  ring.use(two.id);
  assert.deepEqual([idsOf(ring), ring.inUse?.id], [[one.id, two.id], two.id]);
  ring.remove(one.id);
  assert.deepEqual([idsOf(ring), ring.inUse?.id], [[two.id], two.id]);
});

test('keys are found by their tags, as long as they are there', () => {
  const ring = new KeyRing('Office', [one, two], one.id);
  assert.equal(ring.ofTag(keyTagOf(two.secret, 'OFFICE')), two);
  assert.equal(ring.ofTag(keyTagOf(two.secret, 'HOME')), undefined);
  ring.remove(two.id);
  assert.equal(ring.ofTag(keyTagOf(two.secret, 'OFFICE')), undefined);
});

test('a ring may be empty, and then nothing is in use', () => {
  const ring = new KeyRing('OFFICE', [], undefined);
  assert.equal(ring.inUse, undefined);
  ring.install(one);
  assert.equal(ring.inUse, undefined, 'installing is not using');
  ring.use(one.id);
  assert.equal(ring.inUse, one);
  ring.replace([], undefined);
  assert.equal(ring.inUse, undefined);
});

test('what cannot be done is refused, says the next step, and changes nothing', () => {
  const ring = new KeyRing('OFFICE', [one, two], one.id);
  let changes = 0;
  ring.onChange(() => {
    changes += 1;
  });
  assert.throws(() => ring.remove(one.id), { ...invalid, message: /is in use: install and use another/ });
  assert.throws(() => ring.remove(three.id), { ...invalid, message: /no key .* install it first/ });
  assert.throws(() => ring.use(three.id), { ...invalid, message: /install it first/ });
  assert.throws(() => ring.replace([two], one.id), invalid);
  assert.throws(() => ring.install({ id: one.id, secret: three.secret }), { ...invalid, message: /that of/ });
  const many = Array.from({ length: MAX_KEYS + 1 }, (_, number) => testKey(number));
  assert.throws(() => ring.replace(many, undefined), invalid);
  assert.deepEqual([idsOf(ring), ring.inUse?.id, changes], [[one.id, two.id], one.id, 0]);
});

test('a secret has 32 bytes, and the key is a copy of it', () => {
  for (const length of [0, 16, 31, 33, 64]) assert.throws(() => keyOf(Buffer.alloc(length)), invalid);
  const secret = Buffer.alloc(32, 5);
  const key = keyOf(secret);
  secret.fill(0);
  assert.equal(keyOf(key.secret).id, key.id);
});

test('installing a key again is no error', () => {
  const ring = new KeyRing('OFFICE', [one], one.id);
  ring.install(keyOf(one.secret));
  assert.deepEqual(idsOf(ring), [one.id]);
});

test('who listens is told of each change until it stops', () => {
  const ring = new KeyRing('OFFICE', [one], one.id);
  const told: (string | undefined)[] = [];
  const stop = ring.onChange(() => told.push(ring.inUse?.id));
  ring.install(two);
  ring.use(two.id);
  stop();
  ring.use(one.id);
  assert.deepEqual(told, [one.id, two.id]);
});
