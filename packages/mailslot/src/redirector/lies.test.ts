import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLAIM_MS, MAX_CLOCK_SKEW_MS, MAX_OPEN_WINDOWS, NUMBERS_AT_ONCE } from '../limits.js';
import { datagram } from './datagrams.test.support.js';
import { Hub, office, started, testPorts } from './hub.test.support.js';
import { memoryWindows } from './windows.js';

/*
 * A member has the domain's key, and so can say anything in another one's name. What one packet of it says must not last.
 */

async function scene(t: Parameters<typeof started>[0]) {
  const ports = testPorts();
  const transport = new Hub().transport();
  const host = await started(t, 'ALPHA', { domains: office(transport), ports });
  host.attach();
  const { clock } = ports;
  const hear = (counter: number, fields: { from?: string; sequence?: number; aheadMs?: number } = {}) => {
    const { aheadMs = 0, ...rest } = fields;
    const before = host.got.length;
    transport.hear(datagram(clock.now() + aheadMs, { counter, ...rest }));
    return host.got.length > before;
  };
  const gaps = () => host.redirector.statistics().gaps;
  return { host, clock, hear, gaps };
}

test('a counter that no sender can have come to silences nobody', async (t) => {
  const { host, hear } = await scene(t);
  assert.ok(hear(1));
  for (const counter of [Number.MAX_SAFE_INTEGER, 2 ** 52, NUMBERS_AT_ONCE + 2]) assert.ok(!hear(counter));
  assert.ok(hear(2));
  assert.deepEqual(host.dropped, { forged: 3 });
});

test('a high counter that somebody said first, or that is just possible, silences nobody', async (t) => {
  const { clock, hear } = await scene(t);
  assert.ok(hear(Number.MAX_SAFE_INTEGER), 'before anybody has heard the true one');
  clock.advance(1);
  assert.ok(hear(1));
  assert.ok(hear(3));
  assert.ok(hear(2));
  assert.ok(!hear(2), 'each of its messages comes once, as always');
  assert.ok(hear(NUMBERS_AT_ONCE, { aheadMs: MAX_CLOCK_SKEW_MS }));
  clock.advance(1);
  assert.ok(hear(5));
  assert.ok(hear(4));
});

test('one leap of counter and time at once, or one after the other, silences nobody for as long as a moment', async (t) => {
  const { clock, hear } = await scene(t);
  assert.ok(hear(1));
  let counter = 1;
  for (const leap of [200_000, 400_000, 600_000, 5_000, 100_000]) {
    hear(leap, { aheadMs: MAX_CLOCK_SKEW_MS - 1_000 });
    for (let each = 0; each < 5; each += 1) {
      clock.advance(1);
      counter += 1;
      assert.ok(hear(counter), `${counter} after ${leap}`);
      assert.ok(!hear(counter), `${counter} again`);
    }
  }
});

test('who leaps in earnest goes on from there, a lie or not', async (t) => {
  const { clock, hear } = await scene(t);
  assert.ok(hear(1));
  let counter = 1;
  for (let leap = 0; leap < 5; leap += 1) {
    clock.advance(1);
    counter += 50_000;
    assert.ok(hear(counter));
    assert.ok(!hear(counter));
    clock.advance(1);
    hear(counter + 1_000_000, { aheadMs: MAX_CLOCK_SKEW_MS - 1_000 });
    counter += 1;
    assert.ok(hear(counter));
    assert.ok(!hear(counter));
  }
});

test('numbers that somebody uses up one by one are still the true sender’s, a moment later', async (t) => {
  const { clock, hear } = await scene(t);
  assert.ok(hear(1));
  for (let counter = 2; counter < 1_000; counter += 1) hear(counter);
  clock.advance(1);
  for (let counter = 2; counter < 1_000; counter += 1) assert.ok(hear(counter));
});

test('whoever claims an instance first does not keep it', async (t) => {
  const { clock, hear } = await scene(t);
  assert.ok(hear(1, { from: 'MALLORY' }));
  assert.ok(!hear(1, { from: 'OMEGA' }));
  clock.advance(CLAIM_MS + 2_000);
  assert.ok(hear(2, { from: 'OMEGA' }));
  assert.ok(!hear(3, { from: 'MALLORY' }));
  assert.ok(hear(3, { from: 'omega' }));
});

test('a sequence that its own counter belies is not missing, and what was made up is taken back', async (t) => {
  const { clock, hear, gaps } = await scene(t);
  hear(1, { sequence: 1 });
  hear(2, { sequence: Number.MAX_SAFE_INTEGER });
  assert.equal(gaps(), 0);
  hear(6, { sequence: Number.MAX_SAFE_INTEGER - 1 });
  hear(7, { sequence: Number.MAX_SAFE_INTEGER });
  assert.equal(gaps(), 0, 'nor do two that bear each other out');
  hear(3, { sequence: 4 });
  assert.equal(gaps(), 2);
  hear(NUMBERS_AT_ONCE, { sequence: NUMBERS_AT_ONCE });
  assert.equal(gaps(), 2, 'one number alone may be made up');
  clock.advance(1);
  hear(4, { sequence: 5 });
  assert.equal(gaps(), 2);
  hear(5, { sequence: 8 });
  assert.equal(gaps(), 4);
  hear(10_006, { sequence: 10_009 });
  assert.equal(gaps(), 4);
  hear(10_007, { sequence: 10_010 });
  assert.equal(gaps(), 10_004, 'another one bears it out');
});

test('a sequence that somebody makes up first is no gap when the true one comes', async (t) => {
  const { hear, gaps } = await scene(t);
  hear(1, { sequence: 2 ** 50 });
  hear(2, { sequence: 2 });
  hear(3, { sequence: 4 });
  assert.equal(gaps(), 1);
});

test('40,000 made-up instances in an open domain lock no newcomer out of a sealed one', async (t) => {
  const ports = testPorts();
  const [open, sealed] = [new Hub().transport({ authenticated: false }), new Hub().transport()];
  const domains = [
    { name: 'LOBBY', transports: [open] },
    { name: 'OFFICE', transports: [sealed] },
  ];
  const host = await started(t, 'ALPHA', { domains, ports });
  host.attach('a', 'anyone');
  const lobby = { kind: 'domain', name: 'LOBBY' } as const;
  const hear = (number: number, transport: typeof open, to?: typeof lobby) => {
    const instance = `f${number.toString(16).padStart(15, '0')}`;
    transport.hear(datagram(ports.clock.now(), { instance, ...(to && { to }) }));
  };
  for (let number = 0; number < 40_000; number += 1) hear(number, open, lobby);
  assert.equal(host.got.length, MAX_OPEN_WINDOWS);
  for (let number = 0; number < 1_000; number += 1) hear(number, sealed);
  assert.equal(host.got.length, MAX_OPEN_WINDOWS + 1_000);
});

test('a full sealed domain keeps nobody out of another one', () => {
  const windows = memoryWindows({ instances: 50 });
  windows.open(0, { warn: () => {} });
  const fill = (domain: string) => {
    const found = Array.from({ length: 60 }, (_, number) => {
      const instance = number.toString(16).padStart(16, '0');
      return windows.ofDomain(domain).note({ instance, counter: 1, stamp: 1 }, 0, 'OMEGA');
    });
    return found.filter((each) => each !== 'rate').length;
  };
  assert.deepEqual([fill('OFFICE'), fill('LAB')], [50, 50]);
});
