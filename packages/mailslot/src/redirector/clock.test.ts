import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Datagram } from '../transport/datagram.js';
import { type Host, Hub, office, started, testPorts } from './hub.test.support.js';

const HOUR = 3_600_000;

/** Two computers, each with a clock, and everything that was ever on the wire between them. */
async function pair(t: TestContext, clocks: readonly [VirtualClock, VirtualClock]) {
  const hub = new Hub();
  const hosts: Host[] = [];
  for (const [at, name] of ['ALPHA', 'BETA'].entries()) {
    const host = await started(t, name, { domains: office(hub.transport()), ports: testPorts(clocks[at]) });
    host.attach();
    hosts.push(host);
  }
  const recorded: Datagram[] = [];
  let sent = 0;
  /** Each sends one; returns how many of the two messages came through, at each of the two. */
  const exchange = (): number => {
    for (const host of hosts) {
      sent += 1;
      assert.ok(host.send('//*/mailslot/a', String(sent)));
    }
    const before = hosts.reduce((sum, { got }) => sum + got.length, 0) - 2;
    recorded.push(...hub.wire);
    hub.flush();
    return hosts.reduce((sum, { got }) => sum + got.length, 0) - before;
  };
  const assertNothingTwice = (): void => {
    for (const datagram of recorded) hub.carry(datagram);
    for (const { got } of hosts) assert.equal(new Set(got).size, got.length);
  };
  return { hosts: hosts as [Host, Host], exchange, assertNothingTwice };
}

for (const [what, ms] of [
  ['forward', HOUR],
  ['back', -HOUR],
] as const) {
  test(`all clocks jump an hour ${what}: traffic goes on at once, nothing twice, all are new instances`, async (t) => {
    const clock = new VirtualClock();
    const { hosts, exchange, assertNothingTwice } = await pair(t, [clock, clock]);
    clock.advance(10_000);
    assert.equal(exchange(), 4);
    const before = hosts.map(({ redirector }) => redirector.instance);
    let renewals = 0;
    for (const { redirector } of hosts) {
      redirector.onRenewed(() => {
        renewals += 1;
      });
    }
    clock.jump(ms);
    assert.equal(exchange(), 4);
    assertNothingTwice();
    clock.advance(10_000);
    assert.equal(exchange(), 4);
    assertNothingTwice();
    assert.equal(renewals, 2);
    const after = hosts.map(({ redirector }) => redirector.instance);
    assert.equal(new Set([...before, ...after]).size, 4);
  });

  test(`one clock jumps an hour ${what} and is set right again: its computer is deaf meanwhile, and counts`, async (t) => {
    const clocks = [new VirtualClock(), new VirtualClock()] as const;
    const { hosts, exchange, assertNothingTwice } = await pair(t, clocks);
    const advance = (time: number): void => {
      for (const clock of clocks) clock.advance(time);
    };
    advance(10_000);
    assert.equal(exchange(), 4);
    clocks[0].jump(ms);
    advance(2_000);
    assert.equal(exchange(), 2);
    assertNothingTwice();
    assert.ok((hosts[0].dropped['clock'] ?? 0) > 0 && (hosts[1].dropped['clock'] ?? 0) > 0);
    clocks[0].jump(-ms);
    advance(2_000);
    assert.equal(exchange(), 4);
    assertNothingTwice();
  });
}

test('a computer that slept is a new instance, however its clocks stood meanwhile', async (t) => {
  const sleeps: ((clock: VirtualClock) => void)[] = [
    (clock) => clock.jump(HOUR),
    (clock) => clock.stall(HOUR),
    (clock) => clock.stall(6_001),
  ];
  for (const sleep of sleeps) {
    const ports = testPorts();
    const { redirector } = await started(t, 'ALPHA', { domains: office(new Hub().transport()), ports });
    const { instance } = redirector;
    ports.clock.advance(60_000);
    assert.equal(redirector.instance, instance);
    sleep(ports.clock);
    ports.clock.advance(1_000);
    assert.notEqual(redirector.instance, instance);
  }
});

test('a clock that is nudged, and a process that is late by a little, change nothing', async (t) => {
  const ports = testPorts();
  const { redirector } = await started(t, 'ALPHA', { domains: office(new Hub().transport()), ports });
  const { instance } = redirector;
  for (let round = 0; round < 100; round += 1) {
    ports.clock.jump(round % 2 === 0 ? 1_900 : -1_900);
    ports.clock.advance(1_000);
    ports.clock.stall(3_000);
    ports.clock.advance(1_000);
  }
  assert.equal(redirector.instance, instance);
});

test('what waited while nothing ran here is no fault of a clock; what comes later with such a time is', async (t) => {
  const clocks = [new VirtualClock(), new VirtualClock()] as const;
  const hub = new Hub();
  const start = (name: string, clock: VirtualClock): Promise<Host> =>
    started(t, name, { domains: office(hub.transport()), ports: testPorts(clock) });
  const [sender, receiver] = [await start('ALPHA', clocks[0]), await start('BETA', clocks[1])];
  receiver.attach();
  for (const clock of clocks) clock.advance(10_000);
  sender.send('//*/mailslot/a', 'waits');
  const [waiting] = hub.wire.splice(0);
  clocks[0].advance(60_000);
  clocks[1].stall(60_000);
  hub.carry(waiting as Datagram);
  assert.deepEqual(receiver.dropped, { standstill: 1 });
  for (const clock of clocks) clock.advance(6_000);
  hub.carry(waiting as Datagram);
  assert.deepEqual(receiver.dropped, { standstill: 1, clock: 1 });
  assert.deepEqual(receiver.got, []);
});
