import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bodies } from './messages.js';
import { Verifier } from './verifier.js';

const SIZES = [64, 1024, 65_536];

for (const size of SIZES) {
  test(`${size} B: what was written passes, from writers that take turns`, async () => {
    const verifier = new Verifier(size, 2);
    const writers = [new Bodies(0, size), new Bodies(1, size)];
    for (let turn = 0; turn < 100; turn += 1) for (const writer of writers) take(verifier, writer.take());
    await verifier.reached(200);
    verifier.compare(writers.reduce((total, { sum }) => total + sum, 0));
  });
}

test('a message may stand anywhere in a buffer', () => {
  const verifier = new Verifier(64, 1);
  const body = new Bodies(0, 64).take();
  verifier.onMessage(Buffer.concat([Buffer.alloc(3), body, Buffer.alloc(5)]), 3, 67);
  assert.equal(verifier.count, 1);
});

const cheats: Record<string, { says: RegExp; play: (verifier: Verifier, bodies: Bodies) => void }> = {
  'a lost message': {
    says: /message 1 of writer 0 arrived where 0 comes next/,
    play(verifier, bodies) {
      bodies.take();
      take(verifier, bodies.take());
    },
  },
  'a message that comes twice': {
    says: /message 0 of writer 0 arrived again/,
    play(verifier, bodies) {
      const body = bodies.take();
      take(verifier, body);
      take(verifier, body);
    },
  },
  'a wrong check byte': {
    says: /wrong bytes/,
    play(verifier, bodies) {
      const body = bodies.take();
      body[63]! ^= 1;
      take(verifier, body);
    },
  },
  'a body that was not copied': {
    says: /wrong bytes/,
    play(verifier, bodies) {
      take(verifier, bodies.take().fill(0, 8, 63));
    },
  },
  'a message that was cut': {
    says: /63 bytes arrived where all have 64/,
    play: (verifier, bodies) => take(verifier, bodies.take().subarray(0, 63)),
  },
  'a writer who does not exist': {
    says: /writer 7, who does not exist/,
    play: (verifier) => take(verifier, new Bodies(7, 64).take()),
  },
};

for (const [what, { says, play }] of Object.entries(cheats)) {
  test(`${what} is found`, async () => {
    const verifier = new Verifier(64, 1);
    const reached = assert.rejects(verifier.reached(10), says);
    play(verifier, new Bodies(0, 64));
    await reached;
    assert.throws(() => verifier.compare(verifier.sum), says);
    await assert.rejects(verifier.reached(1), says);
  });
}

test('a sum that differs from what the writers say is found', async () => {
  const verifier = new Verifier(64, 1);
  const bodies = new Bodies(0, 64);
  take(verifier, bodies.take());
  await verifier.reached(1);
  assert.throws(() => verifier.compare(bodies.sum + 1), /sum to/);
});

test('messages that stay away are found', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const verifier = new Verifier(64, 1);
  const reached = assert.rejects(verifier.reached(2), /1 of 2 messages arrived, then none for 10 s/);
  take(verifier, new Bodies(0, 64).take());
  for (let look = 0; look < 25; look += 1) t.mock.timers.tick(500);
  await reached;
});

function take(verifier: Verifier, body: Buffer): void {
  verifier.onMessage(body, 0, body.length);
}
