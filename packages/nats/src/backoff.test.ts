import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from 'mailslot/testing';
import { Backoff } from './backoff.js';
import { NATS_RETRY_MAX_MS, NATS_RETRY_MS } from './limits.js';

/** Without chance. */
const random = { bytes: (length: number) => new Uint8Array(length) };

function attempt(backoff: Backoff, clock: VirtualClock, tookMs: number): number {
  backoff.dialled();
  clock.advance(tookMs);
  return backoff.next();
}

test('a server that is not there is asked again soon, however often', () => {
  const clock = new VirtualClock();
  const backoff = new Backoff(clock, random);
  for (let round = 0; round < 100; round += 1) assert.equal(attempt(backoff, clock, 2), NATS_RETRY_MS);
});

test('one that takes long, or refuses, is given ever more time, up to a bound, until it works', () => {
  const clock = new VirtualClock();
  const backoff = new Backoff(clock, random);
  const waits = Array.from({ length: 8 }, () => attempt(backoff, clock, 1_000));
  assert.deepEqual(waits.slice(0, 3), [2 * NATS_RETRY_MS, 4 * NATS_RETRY_MS, 8 * NATS_RETRY_MS]);
  assert.equal(waits.at(-1), NATS_RETRY_MAX_MS);
  assert.equal(backoff.next(), NATS_RETRY_MAX_MS, 'asked twice, it does not grow');
  backoff.connected();
  assert.equal(attempt(backoff, clock, 1), NATS_RETRY_MS);
  backoff.dialled();
  backoff.refused();
  assert.equal(backoff.next(), 2 * NATS_RETRY_MS);
});

test('no two that lost their server together come back together', () => {
  const bytes = [0, 64, 128, 192];
  const waits = bytes.map((byte) =>
    new Backoff(new VirtualClock(), { bytes: () => new Uint8Array([byte]) }).next(),
  );
  assert.equal(new Set(waits).size, bytes.length);
});
