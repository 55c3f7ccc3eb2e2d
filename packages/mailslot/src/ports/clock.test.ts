import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realClock } from './clock.js';

/** The longest delay of a timer of Node; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

test('a time longer than a timer of Node can take is waited for all the same', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => t.mock.timers.reset());
  let rang = 0;
  realClock.after(3 * LONGEST + 5, () => {
    rang += 1;
  });
  for (const part of [LONGEST, LONGEST, LONGEST, 4]) {
    t.mock.timers.tick(part);
    assert.equal(rang, 0);
  }
  t.mock.timers.tick(1);
  assert.equal(rang, 1);
  t.mock.timers.tick(LONGEST);
  assert.equal(rang, 1);
});

test('an alarm that was called off does not ring, whichever of its parts it is in', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => t.mock.timers.reset());
  const early = realClock.after(2 * LONGEST, () => assert.fail('rang'));
  const late = realClock.after(2 * LONGEST, () => assert.fail('rang'));
  early.cancel();
  t.mock.timers.tick(LONGEST);
  late.cancel();
  t.mock.timers.tick(LONGEST);
});

test('an alarm at once is one after this turn', async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    realClock.after(0, () => {
      order.push('alarm');
      resolve();
    });
    order.push('here');
  });
  assert.deepEqual(order, ['here', 'alarm']);
});
