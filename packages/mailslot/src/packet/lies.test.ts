import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NUMBERS_AT_ONCE, NUMBERS_PER_SECOND } from '../limits.js';
import { realRandom } from '../ports/random.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { sessionOf } from './head.js';
import { type DecodedPacket, MessageReader } from './message-reader.js';
import { encodeSender, MessageWriter } from './message-writer.js';
import { openPacket } from './open.js';
import { DOMAIN, datagramOf, INSTANCE, testKey, testRing } from './packet.test.support.js';
import { keyTagOf, Sealer, sealingKeyOf } from './seal.js';
import { type Refusal, Sessions } from './sessions.js';

/** A session that two seal with: its owner, and a member who has the domain's key as well. */
class Shared {
  readonly clock = new VirtualClock();
  readonly sessions: Sessions;
  private readonly session = sessionOf(keyTagOf(testKey().secret, DOMAIN), realRandom.bytes(16));
  private readonly writer = new MessageWriter(DOMAIN);
  private readonly reader = new MessageReader(DOMAIN);

  constructor() {
    const ports = { clock: this.clock, random: realRandom };
    this.sessions = new Sessions({ ring: testRing(), isOwn: () => false, ways: () => 1, ports });
  }

  /** A packet of that number, with one message that was sent so much later than now. */
  hear(counter: number, aheadMs = 0): DecodedPacket | Refusal {
    const key = sealingKeyOf(testKey().secret, DOMAIN, this.session);
    const sealer = new Sealer(this.session, key, 0);
    Object.assign(sealer, { counter: counter - 1 });
    const identity = { instance: INSTANCE, counter: 1, stamp: this.clock.now() + aheadMs };
    const datagram = datagramOf('x', { identity });
    const plain = Buffer.alloc(this.writer.measure(datagram) + 100);
    const end = this.writer.put(datagram, plain, encodeSender(INSTANCE, 'ALPHA').copy(plain));
    return openPacket(Buffer.concat(sealer.seal(plain.subarray(0, end))), this.sessions, this.reader);
  }

  pass(seconds: number): void {
    this.clock.advance(1_000 * seconds);
    for (let second = 0; second < seconds; second += 1) this.sessions.tick();
  }
}

const isOpen = (found: DecodedPacket | Refusal): boolean => typeof found !== 'string';

test('a packet counter that no sender can have come to is not looked at', () => {
  const shared = new Shared();
  assert.ok(isOpen(shared.hear(7)));
  for (const counter of [Number.MAX_SAFE_INTEGER, 8 + NUMBERS_AT_ONCE]) {
    assert.equal(shared.hear(counter), 'forged');
  }
  assert.ok(isOpen(shared.hear(8)));
  shared.pass(2);
  assert.ok(isOpen(shared.hear(8 + NUMBERS_AT_ONCE + 2 * NUMBERS_PER_SECOND)), 'who was not heard for long');
});

test('a high packet counter in another one’s session silences it for no longer than a second, also before it was heard', () => {
  for (const ahead of [0, 3_600_000, Number.MAX_SAFE_INTEGER - 2e12]) {
    const shared = new Shared();
    assert.ok(isOpen(shared.hear(2 ** 52, ahead)), 'what a member said first');
    shared.pass(1);
    assert.ok(isOpen(shared.hear(1)));
    assert.ok(isOpen(shared.hear(3)));
    assert.ok(isOpen(shared.hear(2)), 'the window is the true one again');
    assert.equal(shared.hear(2), 'replay');
  }
});

test('what is sent again is a replay, however old: one a second is opened, and does not move the window', () => {
  const shared = new Shared();
  const then = shared.clock.now();
  assert.ok(isOpen(shared.hear(1)));
  shared.pass(1);
  assert.ok(isOpen(shared.hear(10_000)));
  for (let second = 0; second < 3; second += 1) {
    shared.pass(1);
    for (let time = 0; time < 3; time += 1) assert.equal(shared.hear(1, then - shared.clock.now()), 'replay');
  }
  assert.ok(isOpen(shared.hear(10_001)));
  assert.equal(shared.hear(10_000), 'replay');
});
