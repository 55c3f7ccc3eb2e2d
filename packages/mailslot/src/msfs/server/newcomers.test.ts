import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../ports/clock.js';
import { type Held, Newcomers } from './newcomers.js';

interface Reader extends Held {
  mayRead: boolean;
  resumed: number;
}

/** A clock whose only alarm rings when a turn of the loop is over, however long that took. */
class TurnClock implements Pick<Clock, 'monotonic' | 'afterIdle'> {
  private elapsed = 0;
  private callback: (() => void) | undefined;

  monotonic(): number {
    return this.elapsed;
  }

  afterIdle(_ms: number, callback: () => void): { cancel(): void } {
    this.callback = callback;
    return { cancel() {} };
  }

  get isSet(): boolean {
    return this.callback !== undefined;
  }

  turn(ms: number): void {
    this.elapsed += ms;
    const { callback } = this;
    this.callback = undefined;
    callback?.();
  }
}

/** Who sends without a pause; nothing that he sends is read while {@link Newcomers.holds} says so. */
function reader(): Reader {
  const self: Reader = {
    mayRead: true,
    resumed: 0,
    link: {
      resume() {
        self.resumed += 1;
      },
    },
  };
  return self;
}

interface Scene {
  readonly clock: TurnClock;
  readonly newcomers: Newcomers;
  /** In each of so many turns of a millisecond somebody comes. */
  come(turns: number): void;
}

/** Somebody has come in a turn of ten milliseconds, which others took for what they send. */
function busy(): Scene {
  const clock = new TurnClock();
  const newcomers = new Newcomers(clock);
  newcomers.came();
  clock.turn(10);
  const come = (turns: number): void => {
    for (let count = 0; count < turns; count += 1) {
      newcomers.came();
      clock.turn(1);
    }
  };
  return { clock, newcomers, come };
}

test('behind one who comes alone everybody is read from again, and nobody looks any more', () => {
  const { newcomers, clock } = busy();
  const waits = reader();
  assert.ok(newcomers.holds(waits));
  clock.turn(1);
  assert.deepEqual([newcomers.holds(waits), waits.resumed], [false, 1]);
  clock.turn(1);
  assert.equal(clock.isSet, false);
});

test('while more and more come nobody is read from, and when no more do everybody is who waited', () => {
  const { clock, newcomers, come } = busy();
  const [quiet, waits, blocked] = [reader(), reader(), reader()];
  assert.ok([waits, blocked].every((each) => newcomers.holds(each)));
  // It waits for room in the queue meanwhile.
  blocked.mayRead = false;
  come(8);
  assert.equal(waits.resumed, 0);
  clock.turn(1);
  assert.deepEqual([quiet.resumed, waits.resumed, blocked.resumed], [0, 1, 0]);
});

test('who connects again and again takes half of the time, and no more', () => {
  const { newcomers, come } = busy();
  const waits = reader();
  let held = 0;
  for (let turns = 0; turns < 1_000; turns += 1) {
    if (newcomers.holds(waits)) held += 1;
    come(1);
  }
  assert.ok(held >= 400 && held <= 510, `${held} of 1000`);
  assert.ok(waits.resumed >= 400);
});
