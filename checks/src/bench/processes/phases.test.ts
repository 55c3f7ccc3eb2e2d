import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measured, type Phase } from './phases.js';

/** A contestant of constant speed, warm from the start; and which phases it was asked for. */
function machine(
  perSecond: number,
  connections = 1,
): { asked: number[]; phase: (messages: number) => Promise<Phase> } {
  const asked: number[] = [];
  return {
    asked,
    async phase(messages) {
      asked.push(messages);
      return { seconds: (messages * connections) / perSecond, perSecond, cpuMicros: 1 };
    },
  };
}

test('a number of messages is measured as it is', async () => {
  const { asked, phase } = machine(1000);
  assert.deepEqual(await measured({ messages: 50 }, 1, phase), { perSecond: 1000, cpuMicros: 1 });
  assert.deepEqual(asked, [50]);
});

for (const perSecond of [1000, 1e5, 1e7]) {
  test(`a time is filled at ${perSecond} messages a second, after phases that do not count`, async () => {
    const { asked, phase } = machine(perSecond);
    await measured({ seconds: 0.5 }, 1, phase);
    assert.ok(asked.length >= 2 && asked.length < 10, `${asked}`);
    assert.equal(asked.at(-1), Math.ceil(perSecond * 0.5));
  });
}

test('who is slow is measured with fewer', async () => {
  const { asked, phase } = machine(20);
  await measured({ seconds: 0.5 }, 1, phase);
  assert.deepEqual(asked, [200, 10]);
});

test('who gets faster is measured again, until the time is filled', async () => {
  let perSecond = 1e4;
  const lengths: number[] = [];
  await measured({ seconds: 0.5 }, 1, async (messages) => {
    const seconds = messages / perSecond;
    lengths.push(seconds);
    perSecond = Math.min(perSecond * 4, 1e6);
    return { seconds, perSecond, cpuMicros: 1 };
  });
  assert.ok((lengths.at(-1) ?? 0) >= 0.3);
  assert.ok(lengths.slice(0, -1).every((seconds) => seconds < 0.3));
});

test('with many connections each has its share', async () => {
  const { asked, phase } = machine(1e5, 1000);
  await measured({ seconds: 0.5 }, 1000, phase);
  assert.equal(asked[0], 1);
  assert.equal(asked.at(-1), 50);
});

test('the number of messages is bounded, however fast', async () => {
  const { asked, phase } = machine(1e12);
  await measured({ seconds: 1 }, 1, phase);
  assert.ok(asked.length <= 16);
  assert.ok(Math.max(...asked) <= 1e8);
});
