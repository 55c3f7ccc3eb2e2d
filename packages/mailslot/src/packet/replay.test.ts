import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PACKET_WINDOW } from '../limits.js';
import { ReplayWindow } from './replay.js';

test('each counter is new once, in any order, as long as it is in the window', () => {
  const step = fc.oneof(
    fc.nat(40),
    fc.nat(3 * PACKET_WINDOW),
    fc.constantFrom(1, PACKET_WINDOW - 1, PACKET_WINDOW, PACKET_WINDOW + 1),
  );
  const walk = fc.array(fc.tuple(fc.boolean(), step), { maxLength: 300 });
  fc.assert(
    fc.property(walk, (steps) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let highest = 0;
      for (const [isForward, distance] of steps) {
        const counter = Math.max(1, isForward ? highest + distance : highest - distance);
        const isOld = counter <= highest - PACKET_WINDOW;
        assert.equal(window.has(counter), isOld || seen.has(counter), `${counter} of ${highest}`);
        window.add(counter);
        seen.add(counter);
        highest = Math.max(highest, counter);
        assert.ok(window.has(counter));
      }
    }),
    { numRuns: 300 },
  );
});

test('a fresh window has seen nothing', () => {
  const window = new ReplayWindow();
  for (const counter of [1, 2, PACKET_WINDOW, Number.MAX_SAFE_INTEGER])
    assert.equal(window.has(counter), false);
});

test('the window moves as far as counters go', () => {
  const window = new ReplayWindow();
  window.add(Number.MAX_SAFE_INTEGER);
  assert.ok(window.has(Number.MAX_SAFE_INTEGER));
  assert.equal(window.has(Number.MAX_SAFE_INTEGER - 1), false);
  assert.ok(window.has(Number.MAX_SAFE_INTEGER - PACKET_WINDOW));
});
