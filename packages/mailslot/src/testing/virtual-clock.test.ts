import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Heap } from './heap.js';
import { SkewedClock } from './skewed-clock.js';
import { VirtualClock } from './virtual-clock.js';

/** A clock, and at which monotonic times alarms rang. */
function recording(): { clock: VirtualClock; rang: string[]; set: (ms: number, name: string) => void } {
  const clock = new VirtualClock();
  const rang: string[] = [];
  return {
    clock,
    rang,
    set: (ms, name) => clock.after(ms, () => rang.push(`${name} at ${clock.monotonic()}`)),
  };
}

test('alarms ring at their time, in their order, and those of one time in the order they were set', () => {
  const { clock, rang, set } = recording();
  set(20, 'c');
  set(10, 'a');
  set(10, 'b');
  set(31, 'never');
  clock.advance(30);
  assert.deepEqual(rang, ['a at 10', 'b at 10', 'c at 20']);
  assert.equal(clock.monotonic(), 30);
  assert.equal(clock.pending, 1);
});

test('an alarm that is set while another rings rings in the same advance, if it is due', () => {
  const { clock, rang, set } = recording();
  clock.after(10, () => {
    set(0, 'at once');
    set(5, 'later');
    set(50, 'much later');
  });
  clock.advance(20);
  assert.deepEqual(rang, ['at once at 10', 'later at 15']);
});

test('what is called off does not ring, and is not kept', () => {
  const clock = new VirtualClock();
  const alarms = Array.from({ length: 10_000 }, () => clock.after(5, () => assert.fail('it was called off')));
  for (const alarm of alarms) alarm.cancel();
  for (const alarm of alarms) alarm.cancel();
  assert.equal(clock.pending, 0);
  clock.advance(10);
});

test('what has rung can be called off, which does nothing', () => {
  const clock = new VirtualClock();
  const alarm = clock.after(1, () => undefined);
  clock.after(5, () => undefined);
  clock.advance(2);
  alarm.cancel();
  assert.equal(clock.pending, 1);
});

test('a jump of the wall clock changes neither monotonic time nor alarms', () => {
  const { clock, rang, set } = recording();
  const before = clock.now();
  set(10, 'a');
  clock.jump(-3_600_000);
  assert.equal(clock.now(), before - 3_600_000);
  assert.equal(clock.monotonic(), 0);
  clock.advance(10);
  assert.deepEqual(rang, ['a at 10']);
  assert.equal(clock.now(), before - 3_600_000 + 10);
});

test('after a stall everything that fell due rings late, at one time', () => {
  const { clock, rang, set } = recording();
  set(10, 'a');
  set(20, 'b');
  clock.stall(60_000);
  assert.deepEqual(rang, []);
  clock.advance(0);
  assert.deepEqual(rang, ['a at 60000', 'b at 60000']);
});

test('the wall clock tells whole milliseconds, also between them', () => {
  const clock = new VirtualClock();
  clock.advance(0.75);
  assert.ok(Number.isSafeInteger(clock.now()));
  assert.equal(clock.monotonic(), 0.75);
});

test('pass lets promises go on between two alarms, advance does not', async () => {
  const order: string[] = [];
  const clock = new VirtualClock();
  const chain = async (): Promise<void> => {
    for (let hop = 0; hop < 5; hop += 1) await undefined;
    order.push('promise');
  };
  const set = (): void => {
    clock.after(1, () => {
      order.push('first');
      void chain();
    });
    clock.after(2, () => order.push('second'));
  };
  set();
  await clock.pass(2);
  assert.deepEqual(order.splice(0), ['first', 'promise', 'second']);
  set();
  clock.advance(2);
  await clock.pass(0);
  assert.deepEqual(order, ['first', 'second', 'promise']);
});

test('a skewed clock is off, can be set on its own, and goes as fast as the others', () => {
  const clock = new VirtualClock();
  const late = new SkewedClock(clock, -5_000);
  let rang = 0;
  late.after(10, () => {
    rang += 1;
  });
  late.afterIdle(20, () => {
    rang += 1;
  });
  late.jump(7_000);
  clock.advance(20);
  assert.equal(late.now(), clock.now() + 2_000);
  assert.equal(late.monotonic(), clock.monotonic());
  assert.equal(rang, 2);
});

test('a heap gives its items in their order, whatever happens in between', () => {
  const step = fc.oneof(fc.nat(50), fc.constant('pop' as const), fc.constant('keep' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const heap = new Heap<number>((one, other) => one < other);
      let model: number[] = [];
      for (const each of steps) {
        if (each === 'pop') assert.equal(heap.pop(), model.shift());
        else if (each === 'keep') {
          heap.keep((item) => item % 2 === 0);
          model = model.filter((item) => item % 2 === 0);
        } else {
          heap.push(each);
          model = [...model, each].sort((one, other) => one - other);
        }
        assert.equal(heap.first, model[0]);
        assert.equal(heap.size, model.length);
      }
    }),
  );
});
