import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { Consumer } from './consumer.js';
import type { MessageQueue } from './queue.js';

/** What a handler does with a message: how it ends, and after how many turns; 0: before it returns. */
interface Behaviour {
  readonly turns: number;
  readonly fails: boolean;
  /** A thenable of somebody else's, instead of a promise. */
  readonly isForeign: boolean;
}

const behaviours = fc.array(
  fc.record({
    turns: fc.nat(3),
    fails: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    isForeign: fc.boolean(),
  }),
  { maxLength: 30 },
);

/** Handlers of a consumer, and what is seen of them. */
class Handlers {
  readonly queue = { count: 0 };
  readonly started: number[] = [];
  readonly failed: number[] = [];
  pending = 0;
  most = 0;
  private readonly list: readonly Behaviour[];

  constructor(list: readonly Behaviour[]) {
    this.list = list;
    this.queue.count = list.length;
  }

  readonly take = (): unknown => {
    const number = this.list.length - this.queue.count;
    const { turns, fails, isForeign } = this.list[number] as Behaviour;
    this.queue.count -= 1;
    this.started.push(number);
    if (turns === 0) return this.end(number, fails);
    this.pending += 1;
    this.most = Math.max(this.most, this.pending);
    const result = this.work(number, turns, fails);
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried here
    return isForeign ? { then: result.then.bind(result) } : result;
  };

  private async work(number: number, turns: number, fails: boolean): Promise<void> {
    for (let left = turns; left > 1; left -= 1) await turn();
    this.pending -= 1;
    this.end(number, fails);
  }

  private end(number: number, fails: boolean): void {
    if (!fails) return;
    this.failed.push(number);
    throw number;
  }
}

/** How a consumer that is stopped when nothing waits has ended: `undefined`, or what it was rejected with. */
async function outcomeOf(
  handlers: Handlers,
  options: { readonly concurrency: number; readonly onError: ((error: unknown) => void) | undefined },
): Promise<unknown> {
  const queue = handlers.queue as MessageQueue;
  let isStopped = false;
  const consumer = new Consumer({
    ...options,
    take: handlers.take,
    onReady: () => consumer.serve(queue),
    onStop: () => {
      isStopped = true;
    },
  });
  consumer.serve(queue);
  const ended = consumer.ended.then(
    () => undefined,
    (error: unknown) => error,
  );
  for (let turns = 0; !isStopped && queue.count > 0; turns += 1) {
    assert.ok(turns < 1_000, 'it stands still');
    await turn();
  }
  consumer.stop();
  const outcome = await ended;
  assert.equal(handlers.pending, 0, 'it ended before its handlers');
  return outcome;
}

test('whatever handlers do: all start in order, never too many at once, and no failure is lost', async () => {
  await fc.assert(
    fc.asyncProperty(behaviours, fc.integer({ min: 1, max: 5 }), async (list, concurrency) => {
      const handlers = new Handlers(list);
      const told: unknown[] = [];
      const outcome = await outcomeOf(handlers, { concurrency, onError: (error) => told.push(error) });
      assert.equal(outcome, undefined);
      assert.deepEqual(
        handlers.started,
        list.map((_, number) => number),
      );
      assert.ok(handlers.most <= concurrency, `${handlers.most} at once`);
      // Two that fail in one turn may be told of in either order.
      assert.deepEqual(told.toSorted(), handlers.failed.toSorted());
    }),
    { numRuns: 200 },
  );
});

test('without onError a failure is how it ends, and what was not started stays', async () => {
  await fc.assert(
    fc.asyncProperty(behaviours, fc.integer({ min: 1, max: 5 }), async (list, concurrency) => {
      const handlers = new Handlers(list);
      const outcome = await outcomeOf(handlers, { concurrency, onError: undefined });
      if (handlers.failed.length === 0) assert.equal(outcome, undefined);
      else assert.ok(handlers.failed.includes(outcome as number), `ended with ${String(outcome)}`);
      assert.deepEqual(
        handlers.started,
        list.slice(0, handlers.started.length).map((_, number) => number),
      );
      assert.equal(handlers.started.length + handlers.queue.count, list.length);
      assert.ok(handlers.most <= concurrency, `${handlers.most} at once`);
      if (concurrency === 1) {
        const first = list.findIndex((each) => each.fails);
        assert.equal(handlers.started.length, first === -1 ? list.length : first + 1);
      }
    }),
    { numRuns: 200 },
  );
});
