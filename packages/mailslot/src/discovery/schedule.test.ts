import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANNOUNCE_MAX_MS, MAX_PEERS } from '../limits.js';
import { SeededRandom } from '../testing/seeded-random.js';
import { announceInterval, fraction, goneAfter, jitter, silentAfter } from './schedule.js';

const table: readonly (readonly [count: number, intervalMs: number, perSecond: number])[] = [
  [0, 1_000, 0],
  [1, 1_000, 1],
  [3, 1_000, 3],
  [10, 1_000, 10],
  [100, 10_000, 10],
  [300, 30_000, 10],
  [1_000, 100_000, 10],
  [10_000, 1_000_000, 10],
  [20_000, 2_000_000, 10],
];

for (const [count, intervalMs, perSecond] of table) {
  test(`${count} instances announce themselves ${perSecond} times a second in all`, () => {
    assert.equal(announceInterval(count), intervalMs);
    assert.equal((count * 1000) / announceInterval(count), perSecond);
  });
}

test('the interval never falls as the domain grows, and ends with what is remembered', () => {
  for (let count = 1; count < 3000; count += 1) {
    assert.ok(announceInterval(count) >= announceInterval(count - 1));
  }
  assert.equal(announceInterval(10 * MAX_PEERS), ANNOUNCE_MAX_MS);
});

test('a fraction covers its range evenly and never reaches 1', () => {
  const tenths = new Array<number>(10).fill(0);
  const random = new SeededRandom(1);
  for (let draw = 0; draw < 10_000; draw += 1) {
    const tenth = Math.floor(10 * fraction(random));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  assert.ok(tenths.length === 10 && tenths.every((count) => count > 800 && count < 1200), String(tenths));
  assert.equal(fraction({ bytes: () => new Uint8Array(4) }), 0);
  assert.ok(fraction({ bytes: () => new Uint8Array(4).fill(0xff) }) < 1);
});

test('jitter is a tenth either way, so three late announcements come before one is taken for gone', () => {
  const random = new SeededRandom(2);
  const drawn = Array.from({ length: 1000 }, () => 1000 * jitter(random));
  assert.ok(Math.min(...drawn) >= 900 && Math.min(...drawn) < 910);
  assert.ok(Math.max(...drawn) <= 1100 && Math.max(...drawn) > 1090);
  assert.ok(Math.max(...drawn) < silentAfter(1000));
  assert.ok(3 * Math.max(...drawn) < goneAfter(1000));
});
