import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transportConformance } from '../testing/conformance/suite.js';
import { CALM } from '../testing/impairments.js';
import { SeededRandom } from '../testing/seeded-random.js';
import { SimulatedNetwork } from '../testing/simulated-network.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Datagram } from './datagram.js';
import { decorated } from './decorated.js';
import { limited } from './limited.js';
import { lossy } from './lossy.js';
import { type TraceEvent, traced } from './traced.js';
import type { Receiver, Transport } from './transport.js';

const NOBODY: Receiver = { received: () => undefined, dropped: () => undefined, hasRoom: () => undefined };

function datagram(counter: number, length = 936): Datagram {
  const identity = { instance: '0123456789abcdef', counter, stamp: 0 };
  const to = { kind: 'domain', name: 'OFFICE' } as const;
  return {
    identity,
    from: 'ALPHA',
    to,
    sequence: counter,
    slot: 'app/events',
    scope: 'site',
    data: new Uint8Array(length),
  };
}

/** A transport that hears everything it sends, at once, and does what a test tells it. */
class Echo implements Transport {
  readonly name = 'echo';
  readonly capabilities = {
    broadcast: true,
    reach: 'lan' as const,
    maxMessageSize: 60_000,
    authenticated: true,
  };
  receiver: Receiver = NOBODY;
  sent = 0;
  isFull = false;
  wanted: ReadonlySet<string> | undefined;
  isClosed = false;

  async start(receiver: Receiver): Promise<void> {
    this.receiver = receiver;
  }

  send(each: Datagram): boolean {
    if (this.isFull) return false;
    this.sent += 1;
    this.receiver.received(each, { address: 'here' });
    return true;
  }

  want(slots: ReadonlySet<string>): void {
    this.wanted = slots;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

for (const [name, decorate] of Object.entries({
  decorated: (transport: Transport) => decorated(transport, {}),
  traced: (transport: Transport) => traced(transport, () => undefined),
  lossy: (transport: Transport) => lossy(transport, { rate: 0.2, random: new SeededRandom(9) }),
})) {
  transportConformance(`simulated, ${name}`, () => {
    const clock = new VirtualClock();
    const network = new SimulatedNetwork({ clock, seed: 3, impairments: CALM });
    return {
      transport: (domain, computer) => decorate(network.transport({ domain, computer })),
      settle: () => clock.pass(100),
    };
  });
}

transportConformance('simulated, limited', () => {
  const clock = new VirtualClock();
  const network = new SimulatedNetwork({ clock, seed: 3, impairments: CALM });
  return {
    transport: (domain, computer) =>
      limited(network.transport({ domain, computer }), { bytesPerSecond: 2_000_000, clock }),
    settle: () => clock.pass(100),
    attempts: 1,
  };
});

test('traced tells of everything, and passes everything on', async () => {
  const [echo, events, heard]: [Echo, TraceEvent[], string[]] = [new Echo(), [], []];
  const transport = traced(echo, (event) => events.push(event));
  const slots = new Set(['a']);
  transport.want(slots);
  await transport.start({
    received: () => heard.push('received'),
    dropped: (reason, count) => heard.push(`${count} ${reason}`),
    hasRoom: () => heard.push('room'),
  });
  const sent = datagram(1);
  assert.equal(transport.send(sent), true);
  echo.isFull = true;
  assert.equal(transport.send(sent), false);
  echo.receiver.hasRoom();
  echo.receiver.dropped('forged', 3);
  await transport.close();
  assert.deepEqual(events, [
    { kind: 'wanted', slots },
    { kind: 'started' },
    { kind: 'received', datagram: sent, origin: { address: 'here' } },
    { kind: 'sent', datagram: sent, taken: true },
    { kind: 'sent', datagram: sent, taken: false },
    { kind: 'room' },
    { kind: 'dropped', reason: 'forged', count: 3 },
    { kind: 'closed' },
  ]);
  assert.deepEqual(heard, ['received', 'room', '3 forged']);
  assert.equal(echo.wanted, slots);
  assert.equal(echo.isClosed, true);
});

test('what a receiver offers beside it is offered through decorators, and what it does not is not', async () => {
  for (const decorate of [
    (transport: Transport) => traced(transport, () => undefined),
    (transport: Transport) => lossy(transport, { rate: 0, random: new SeededRandom(1) }),
  ]) {
    const [echo, said]: [Echo, string[]] = [new Echo(), []];
    await decorate(echo).start({
      ...NOBODY,
      together: (receive) => receive(),
      connected: (isConnected) => said.push(`connected ${isConnected}`),
    });
    echo.receiver.together?.(() => said.push('together'));
    echo.receiver.connected?.(false);
    assert.deepEqual(said, ['together', 'connected false']);
    const plain = new Echo();
    await decorate(plain).start(NOBODY);
    assert.deepEqual([plain.receiver.together, plain.receiver.connected], [undefined, undefined]);
  }
});

test('lossy loses its share of what comes in, and nothing of what goes out', async () => {
  for (const [rate, least, most] of [
    [0, 1_000, 1_000],
    [0.3, 650, 750],
    [1, 0, 0],
  ] as const) {
    const echo = new Echo();
    const transport = lossy(echo, { rate, random: new SeededRandom(2) });
    let heard = 0;
    await transport.start({
      ...NOBODY,
      received: () => {
        heard += 1;
      },
    });
    for (let counter = 1; counter <= 1_000; counter += 1) transport.send(datagram(counter, 0));
    assert.equal(echo.sent, 1_000);
    assert.ok(heard >= least && heard <= most, `${heard} of 1,000 at ${rate}`);
  }
});

test('limited keeps its rate, and says when there is room', async () => {
  const [clock, echo] = [new VirtualClock(), new Echo()];
  const transport = limited(echo, { bytesPerSecond: 100_000, clock });
  let counter = 0;
  const fill = (): void => {
    while (transport.send(datagram(counter))) counter += 1;
  };
  await transport.start({ ...NOBODY, hasRoom: fill });
  fill();
  clock.advance(10_000);
  assert.ok(echo.sent >= 1_000 && echo.sent <= 1_003, `${echo.sent} of 1,000 bytes in 10 s`);
});

test('limited charges nothing for what its transport refuses, and passes its word of room on', async () => {
  const [clock, echo] = [new VirtualClock(), new Echo()];
  const transport = limited(echo, { bytesPerSecond: 100_000, clock });
  let rooms = 0;
  await transport.start({
    ...NOBODY,
    hasRoom: () => {
      rooms += 1;
    },
  });
  echo.isFull = true;
  for (let round = 0; round < 100; round += 1) assert.equal(transport.send(datagram(1)), false);
  assert.equal(clock.pending, 0);
  echo.isFull = false;
  echo.receiver.hasRoom();
  assert.equal(rooms, 1);
  assert.equal(transport.send(datagram(1)), true);
});

test('limited has no alarm left after its close', async () => {
  const [clock, echo] = [new VirtualClock(), new Echo()];
  const transport = limited(echo, { bytesPerSecond: 1_000, clock });
  await transport.start({ ...NOBODY, hasRoom: () => assert.fail('it is closed') });
  while (transport.send(datagram(1)));
  assert.equal(clock.pending, 1);
  await transport.close();
  assert.equal(clock.pending, 0);
  assert.equal(echo.isClosed, true);
});

test('impossible rates are refused', () => {
  const [clock, random] = [new VirtualClock(), new SeededRandom(1)];
  const refused = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };
  for (const rate of [-0.1, 1.1, Number.NaN])
    assert.throws(() => lossy(new Echo(), { rate, random }), refused);
  for (const bytesPerSecond of [0, -1, Number.NaN])
    assert.throws(() => limited(new Echo(), { bytesPerSecond, clock }), refused);
});
