import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Datagram } from '../transport/datagram.js';
import { datagram } from './datagrams.test.support.js';
import { type Host, Hub, type HubTransport, office, started, testPorts } from './hub.test.support.js';
import { memoryWindows } from './windows.js';

async function alone(t: Parameters<typeof started>[0], windows = memoryWindows()) {
  const ports = testPorts();
  const transport: HubTransport = new Hub().transport();
  const host: Host = await started(t, 'ALPHA', { domains: office(transport), ports, windows });
  host.attach();
  return { host, transport, clock: ports.clock };
}

test('a stamp may be 30 s off, and no more', async (t) => {
  const { host, transport, clock } = await alone(t);
  clock.advance(100_000);
  const now = clock.now();
  for (const [at, off] of [-30_001, -30_000, 0, 30_000, 30_001].entries()) {
    transport.hear(datagram(now + off, { counter: at + 1 }));
  }
  assert.deepEqual(host.got, ['2', '3', '4']);
  assert.deepEqual(host.dropped, { clock: 2 });
});

test('what an unknown instance sent before our start may have been delivered by who was here then', async (t) => {
  const { host, transport, clock } = await alone(t);
  const start = clock.now();
  transport.hear(datagram(start - 1, { counter: 7 }));
  transport.hear(datagram(start, { counter: 8 }));
  transport.hear(datagram(start - 1, { counter: 6 }));
  assert.deepEqual(host.got, ['8']);
  assert.deepEqual(host.dropped, { clock: 2 });
});

test('a message may be overtaken by 4095 others, and no more can follow what came', async (t) => {
  const { host, transport, clock } = await alone(t);
  const hear = (counter: number) => transport.hear(datagram(clock.now(), { counter }));
  for (const counter of [1, 4_096, 1, 4_097, 1, 2, 10_000, 10_000 - 4_095, 10_000 - 4_095, 10_000])
    hear(counter);
  assert.deepEqual(host.got, ['1', '4096', '4097', '2', '10000', '5905']);
  // What a leap forgets is not new again, and what it steps over is new once.
  for (const counter of [14_095, 10_000, 10_001, 10_000, 30_000, 14_095, 29_999, 29_999]) hear(counter);
  assert.deepEqual(host.got.slice(6), ['14095', '10001', '30000', '29999']);
});

test('instances do not disturb each other, nor do domains', async (t) => {
  const ports = testPorts();
  const [office, lab] = [new Hub().transport(), new Hub().transport()];
  const domains = [
    { name: 'OFFICE', transports: [office] },
    { name: 'LAB', transports: [lab] },
  ];
  const host = await started(t, 'ALPHA', { domains, ports });
  host.attach();
  const now = ports.clock.now();
  lab.hear(datagram(now, { counter: 1_000_000, to: { kind: 'domain', name: 'LAB' } }));
  office.hear(datagram(now, { counter: 1 }));
  office.hear(datagram(now, { counter: 1, instance: 'eeeeeeeeeeeeeeee' }));
  office.hear(datagram(now, { counter: 1 }));
  assert.deepEqual(host.got, ['1000000', '1', '1']);
});

test('a forgery from an open transport keeps no message of a member away, and a true copy comes once', async (t) => {
  const ports = testPorts();
  const [open, closed] = [new Hub().transport({ authenticated: false }), new Hub().transport()];
  const host = await started(t, 'ALPHA', { domains: office(open, closed), ports });
  host.attach('members', 'domain');
  host.attach('all', 'anyone');
  const now = ports.clock.now();
  open.hear(datagram(now, { counter: 1, slot: 'members' }));
  open.hear(datagram(now, { counter: 9_000, slot: 'nowhere' }));
  closed.hear(datagram(now, { counter: 1, slot: 'members' }));
  assert.deepEqual(host.got, ['1']);
  open.hear(datagram(now, { counter: 9_001, slot: 'all' }));
  closed.hear(datagram(now, { counter: 9_001, slot: 'all' }));
  closed.hear(datagram(now, { counter: 9_002, slot: 'all' }));
  open.hear(datagram(now, { counter: 9_002, slot: 'all' }));
  assert.deepEqual(host.got, ['1', '9001', '9002']);
  assert.equal(host.redirector.statistics().peers, 1);
});

test('an instance is of the computer that it was heard as first: no member takes the numbers of another one', async (t) => {
  const { host, transport, clock } = await alone(t);
  const hear = (from: string, counter: number) => transport.hear(datagram(clock.now(), { from, counter }));
  hear('OMEGA', 1);
  hear('MALLORY', 9_000);
  hear('omega', 2);
  assert.deepEqual([host.got, host.dropped], [['1', '2'], { forged: 1 }]);
});

test('gaps are counted, filled by what comes late, and not made by what comes twice', async (t) => {
  const { host, transport, clock } = await alone(t);
  const gapsAfter = (counter: number, sequence: number, to?: Datagram['to']) => {
    transport.hear(datagram(clock.now(), { counter, sequence, ...(to && { to }) }));
    return host.redirector.statistics().gaps;
  };
  assert.equal(gapsAfter(100, 50), 0);
  assert.equal(gapsAfter(105, 53), 2);
  assert.equal(gapsAfter(105, 53), 2);
  assert.equal(gapsAfter(102, 51), 1);
  assert.equal(gapsAfter(90, 48), 2);
  assert.equal(gapsAfter(91, 49), 1);
  assert.equal(gapsAfter(103, 52), 0);
  assert.equal(gapsAfter(200, 1, { kind: 'computer', name: 'alpha' }), 0);
  assert.equal(gapsAfter(202, 3, { kind: 'computer', name: 'ALPHA' }), 1);
  assert.equal(gapsAfter(203, 9, { kind: 'computer', name: 'BETA' }), 1);
});

test('each slot has gaps of its own, from when it came', async (t) => {
  const { host, transport, clock } = await alone(t);
  let counter = 0;
  const gapsAfter = (slot: string, sequence: number) => {
    counter += 1;
    transport.hear(datagram(clock.now(), { counter, slot, sequence }));
    return host.redirector.statistics().gaps;
  };
  assert.equal(gapsAfter('a', 1), 0);
  assert.equal(gapsAfter('b', 70), 0, 'nobody has that slot');
  const attachment = host.attach('b');
  assert.equal(gapsAfter('b', 90), 0);
  assert.equal(gapsAfter('B', 92), 1, 'another spelling of one slot');
  attachment.detach();
  host.attach('b');
  assert.equal(gapsAfter('b', 99), 1, 'what came while nobody had the slot is not lost');
  assert.equal(gapsAfter('a', 3), 2);
});

test('100,000 instances: memory is bounded, the ones too many are refused, and stale ones make room', async (t) => {
  const { host, transport, clock } = await alone(t, memoryWindows({ messages: 512, instances: 10_000 }));
  const hear = (number: number, stamp: number) => {
    transport.hear(datagram(stamp, { instance: `f${number.toString(16).padStart(15, '0')}` }));
  };
  const start = clock.now();
  for (let number = 0; number < 100_000; number += 1) hear(number, start);
  assert.equal(host.got.length, 10_000);
  assert.deepEqual(host.dropped, { rate: 90_000 });
  assert.equal(host.redirector.statistics().peers, 10_000);
  clock.advance(72_000);
  assert.equal(host.redirector.statistics().peers, 0);
  for (let number = 100_000; number < 105_000; number += 1) hear(number, clock.now());
  assert.equal(host.got.length, 15_000);
  // Who was forgotten does not come back, even if our clock is set back so far that the stamps are right again.
  clock.jump(-72_000);
  hear(1, start);
  assert.equal(host.got.length, 15_000);
});
