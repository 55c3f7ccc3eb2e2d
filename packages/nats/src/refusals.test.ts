import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from 'mailslot/testing';
import { MAX_REFUSED, NATS_REFUSED_MS } from './limits.js';
import { Refusals } from './refusals.js';

test('what was refused is remembered for a while, each operation for itself', () => {
  const clock = new VirtualClock();
  const refusals = new Refusals(clock);
  refusals.add('publish', 'ms.a');
  assert.equal(refusals.has('publish', 'ms.a'), true);
  assert.equal(refusals.has('subscription', 'ms.a'), false);
  assert.deepEqual(refusals.all, ['publish ms.a']);
  clock.advance(NATS_REFUSED_MS - 1);
  refusals.look();
  assert.equal(refusals.has('publish', 'ms.a'), true);
  clock.advance(1);
  refusals.look();
  assert.equal(refusals.has('publish', 'ms.a'), false);
});

test('a refusal that is repeated lasts longer', () => {
  const clock = new VirtualClock();
  const refusals = new Refusals(clock);
  refusals.add('publish', 'ms.a');
  clock.advance(NATS_REFUSED_MS - 1);
  refusals.add('publish', 'ms.a');
  clock.advance(NATS_REFUSED_MS - 1);
  refusals.look();
  assert.deepEqual(refusals.all, ['publish ms.a']);
});

test('no more are kept than the bound, the latest ones, and none after another connection', () => {
  const refusals = new Refusals(new VirtualClock());
  for (let at = 0; at < MAX_REFUSED + 5; at += 1) refusals.add('publish', `ms.${at}`);
  assert.equal(refusals.all.length, MAX_REFUSED);
  assert.equal(refusals.has('publish', 'ms.0'), false);
  assert.equal(refusals.has('publish', `ms.${MAX_REFUSED + 4}`), true);
  refusals.clear();
  assert.deepEqual(refusals.all, []);
});
