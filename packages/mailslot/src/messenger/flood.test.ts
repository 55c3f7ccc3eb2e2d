import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { VirtualClock } from '../testing/virtual-clock.js';
import { FloodFilter, type Origin } from './flood.js';

function at(computer: string | undefined, fields: Partial<Origin> = {}): Origin {
  return { computer, authenticated: true, address: undefined, ...fields };
}

function admitted(filter: FloodFilter, computer: string | undefined, from: string, tries: number): number {
  return Array.from({ length: tries }).filter(() => filter.admits(at(computer), from)).length;
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
  assert.equal(names.filter((name) => filter.admits(at('PC7'), name)).length, 40);
});

const NUMBERS: readonly number[] = Array.from({ length: 10_000 }, (_, number) => number);

test('an address that uses a new computer for each message gets ten times as far as one sender', () => {
  const filter = new FloodFilter({ perSecond: 1, burst: 10 }, new VirtualClock());
  const address = (number: number): string => `10.99.0.11:${20_000 + number}`;
  const admits = (number: number): boolean =>
    filter.admits(at(`PC${number}`, { address: address(number) }), `NAME ${number}`);
  assert.equal(NUMBERS.filter(admits).length, 100);
  assert.ok(filter.admits(at('PC7', { address: '10.99.0.12:20000' }), 'ANNA'));
});

test('all for whom nobody vouches are one computer, whatever they are called and wherever they are', () => {
  const filter = new FloodFilter({ perSecond: 1, burst: 10 }, new VirtualClock());
  const admits = (number: number): boolean =>
    filter.admits(at(`PC${number}`, { authenticated: false, address: `10.99.${number}.1:138` }), 'ANNA');
  assert.equal(NUMBERS.filter(admits).length, 10);
  assert.equal(admitted(filter, 'PC7', 'ANNA', 20), 10);
});

test('all together have a bound, too', () => {
  const filter = new FloodFilter({ perSecond: 1, burst: 10 }, new VirtualClock());
  assert.equal(NUMBERS.filter((number) => filter.admits(at(`PC${number}`), `NAME ${number}`)).length, 400);
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
        count += Number(filter.admits(at('PC7'), 'ANNA'));
      }
      assert.ok(count <= 5 + (clock.monotonic() * perSecond) / 1_000 + 1e-6);
      assert.ok(count >= Math.min(pauses.length, 5));
    }),
  );
});
