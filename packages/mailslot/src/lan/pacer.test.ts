import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAN_BURST_MS, LAN_CATCH_UP_MS } from '../limits.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { Pacer } from './pacer.js';

const RATE = 1_000_000;
const PER_MS = RATE / 1_000;

/** As many packets as may leave now; returns their bytes. */
function burst(pacer: Pacer, size: number): number {
  let bytes = 0;
  for (; pacer.mayLeave; bytes += size) pacer.left(size);
  return bytes;
}

test('over a time as much leaves as the rate says, in packets of any size', () => {
  for (const size of [10, 1_000, 60_000]) {
    const clock = new VirtualClock();
    const pacer = new Pacer(RATE, clock);
    let bytes = 0;
    for (let tick = 0; tick < 1_000; tick += 1) {
      bytes += burst(pacer, size);
      clock.advance(1);
    }
    assert.ok(Math.abs(bytes - RATE) <= LAN_BURST_MS * PER_MS + size, `${bytes} bytes in packets of ${size}`);
  }
});

test('no more leaves at once than a burst and the end of a packet, also after a rest', () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(RATE, clock);
  for (let round = 0; round < 5; round += 1) {
    const bytes = burst(pacer, 100);
    assert.ok(bytes <= LAN_BURST_MS * PER_MS + 100, `${bytes} bytes at once`);
    clock.advance(60_000);
  }
});

test('what late ticks could not send is made up for, within bounds', () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(RATE, clock);
  let bytes = burst(pacer, 100);
  for (let tick = 0; tick < 100; tick += 1) {
    clock.advance(tick % 2 === 0 ? 1 : 3);
    bytes += burst(pacer, 100);
  }
  assert.ok(Math.abs(bytes - 200 * PER_MS) <= (2 * LAN_BURST_MS + 1) * PER_MS, `${bytes} bytes in 200 ms`);

  clock.advance(60_000);
  bytes = 0;
  for (let tick = 0; tick < 100; tick += 1) {
    bytes += burst(pacer, 100);
    clock.advance(1);
  }
  assert.ok(bytes <= (100 + LAN_CATCH_UP_MS + LAN_BURST_MS) * PER_MS, `${bytes} bytes after a minute's rest`);
});

test('a packet longer than a burst leaves, and is paid for before the next one', () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(RATE, clock);
  assert.ok(pacer.mayLeave);
  pacer.left(60_000);
  let ticks = 0;
  for (; !pacer.mayLeave; ticks += 1) clock.advance(1);
  assert.equal(ticks, 60 - LAN_BURST_MS + 1);
});
