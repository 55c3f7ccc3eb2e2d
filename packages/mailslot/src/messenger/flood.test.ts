import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { VirtualClock } from '../testing/virtual-clock.js';
import { FloodFilter } from './flood.js';

function admitted(filter: FloodFilter, computer: string | undefined, from: string, tries: number): number {
  return Array.from({ length: tries }).filter(() => filter.admits(computer, from)).length;
}

test('a sender may send so many at once, and so many a second after that', () => {
  const clock = new VirtualClock();
  const filter = new FloodFilter({ perSecond: 5, burst: 50 }, clock);
  assert.equal(admitted(filter, 'PC7', 'ANNA', 100), 50);
  clock.advance(1_000);
  assert.equal(admitted(filter, 'PC7', 'ANNA', 100), 5);
  clock.advance(100_000);
  assert.equal(admitted(filter, 'PC7', 'ANNA', 100), 50);
});

test('one sender does not use up what another may send', () => {
  const filter = new FloodFilter({ perSecond: 1, burst: 3 }, new VirtualClock());
  assert.equal(admitted(filter, 'PC7', 'ANNA', 10), 3);
  assert.equal(admitted(filter, 'PC8', 'ANNA', 10), 3);
  assert.equal(admitted(filter, undefined, 'ANNA', 10), 3);
  assert.equal(admitted(filter, 'PC7', 'BOB', 10), 3);
});

test('a computer that takes a new name for each message gets four times as far as one sender', () => {
  const filter = new FloodFilter({ perSecond: 1, burst: 10 }, new VirtualClock());
  const names = Array.from({ length: 5_000 }, (_, at) => `NAME ${at}`);
  assert.equal(names.filter((name) => filter.admits('PC7', name)).length, 40);
});

test('in the long run nobody gets more than the rate, however it is spread', () => {
  const waits = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 20 }), (pauses, perSecond) => {
      const clock = new VirtualClock();
      const filter = new FloodFilter({ perSecond, burst: 5 }, clock);
      let count = 0;
      for (const ms of pauses) {
        clock.advance(ms);
        clock.jump(ms % 2 === 0 ? -3_600_000 : 3_600_000);
        count += Number(filter.admits('PC7', 'ANNA'));
      }
      assert.ok(count <= 5 + (clock.monotonic() * perSecond) / 1_000 + 1e-6);
      assert.ok(count >= Math.min(pauses.length, 5));
    }),
  );
});
