import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../../errors.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { stateOf } from '../temp-root.test.support.js';
import { PendingReads } from './reads.js';

/** Reads over a queue of texts, on a clock that stands still. */
class Bench {
  readonly clock = new VirtualClock();
  readonly queue: string[] = [];
  readonly reads = new PendingReads('test', this.clock);

  wait(ms: number = Number.POSITIVE_INFINITY, signal?: AbortSignal): Promise<string> {
    return this.reads.wait(() => this.queue.shift() as string, ms, signal);
  }

  /** As a `readInto` with a buffer of that length. */
  waitUpTo(length: number): Promise<string> {
    const take = (): string => {
      if ((this.queue[0] as string).length > length)
        throw new MailslotError('ERR_MAILSLOT_BUFFER_TOO_SMALL', 'x');
      return this.queue.shift() as string;
    };
    return this.reads.wait(take, Number.POSITIVE_INFINITY);
  }

  arrive(...texts: string[]): void {
    this.queue.push(...texts);
    this.reads.serve(() => this.queue.length > 0);
  }
}

test('reads are served in the order they came, a message each', async () => {
  const bench = new Bench();
  const reads = [bench.wait(), bench.wait(100), bench.wait()];
  bench.arrive('a', 'b');
  assert.deepEqual(await Promise.all(reads.slice(0, 2)), ['a', 'b']);
  assert.equal(await stateOf(reads[2] as Promise<string>), 'pending');
  bench.arrive('c', 'd');
  assert.equal(await reads[2], 'c');
  assert.deepEqual(bench.queue, ['d']);
});

test('a read gives up at its time and not before', async () => {
  const bench = new Bench();
  const read = bench.wait(200);
  bench.clock.advance(199);
  assert.equal(await stateOf(read), 'pending');
  bench.clock.advance(1);
  await assert.rejects(read, { code: 'ERR_MAILSLOT_TIMEOUT', message: /to test within 200 ms/ });
});

test('each read has its own time, and who gave up gets no message', async () => {
  const bench = new Bench();
  const [long, short, forever] = [bench.wait(300), bench.wait(100), bench.wait()];
  bench.clock.advance(150);
  await assert.rejects(short, { code: 'ERR_MAILSLOT_TIMEOUT' });
  bench.arrive('a', 'b');
  assert.deepEqual(await Promise.all([long, forever]), ['a', 'b']);
  assert.equal(bench.clock.pending, 0, 'an alarm is left of a read that was served');
});

test('a read that does not wait fails at once', async () => {
  const bench = new Bench();
  await assert.rejects(bench.wait(0), { code: 'ERR_MAILSLOT_TIMEOUT', message: /within 0 ms/ });
  assert.equal(bench.reads.length, 0);
  assert.equal(bench.clock.pending, 0);
});

test('an aborted read fails with the reason and leaves its turn to the next', async () => {
  const bench = new Bench();
  const controller = new AbortController();
  const [aborted, next] = [bench.wait(500, controller.signal), bench.wait()];
  controller.abort(new Error('changed my mind'));
  await assert.rejects(aborted, /changed my mind/);
  bench.arrive('a');
  assert.equal(await next, 'a');
  assert.equal(bench.clock.pending, 0);
});

test('an abort after the message was handed over takes nothing back', async () => {
  const bench = new Bench();
  const controller = new AbortController();
  const read = bench.wait(500, controller.signal);
  bench.arrive('a');
  controller.abort();
  assert.equal(await read, 'a');
});

test('a read leaves nothing on its signal, however it ends', async () => {
  const bench = new Bench();
  const { signal } = new AbortController();
  const served = bench.wait(5, signal);
  bench.arrive('a');
  await served;
  const late = bench.wait(5, signal);
  bench.clock.advance(5);
  await assert.rejects(late);
  const failed = bench.wait(5, signal);
  bench.reads.failAll(new MailslotError('ERR_MAILSLOT_CLOSED', 'x'));
  await assert.rejects(failed);
  await assert.rejects(bench.wait(0, signal));
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('a read that is too small leaves the message to the next one', async () => {
  const bench = new Bench();
  const [small, enough, last] = [bench.waitUpTo(3), bench.waitUpTo(4), bench.wait()];
  bench.arrive('four', 'five');
  await assert.rejects(small, { code: 'ERR_MAILSLOT_BUFFER_TOO_SMALL' });
  assert.deepEqual(await Promise.all([enough, last]), ['four', 'five']);
});

test('a message that is too large for all who wait stays', async () => {
  const bench = new Bench();
  const reads = [bench.waitUpTo(1), bench.waitUpTo(2)];
  bench.arrive('four');
  for (const read of reads) await assert.rejects(read, { code: 'ERR_MAILSLOT_BUFFER_TOO_SMALL' });
  assert.deepEqual(bench.queue, ['four']);
});

test('all who wait are told when there will be no more messages', async () => {
  const bench = new Bench();
  const reads = [bench.wait(10), bench.wait()];
  const closed = new MailslotError('ERR_MAILSLOT_CLOSED', 'x');
  bench.reads.failAll(closed);
  for (const read of reads) await assert.rejects(read, closed);
  assert.equal(bench.clock.pending, 0);
  bench.arrive('a');
  assert.deepEqual(bench.queue, ['a']);
});

const step = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 2, 5, Number.POSITIVE_INFINITY) }),
  fc.record({ do: fc.constant('arrive' as const), ms: fc.constant(0) }),
  fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('abort' as const), ms: fc.nat(20) }),
);

interface Expected {
  readonly deadline: number;
  readonly controller: AbortController;
  outcome: string | undefined;
}

test('each message goes to the oldest read that still waits, and every read ends once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const bench = new Bench();
      const model: Expected[] = [];
      const outcomes: Promise<string>[] = [];
      const start = bench.clock.now();
      const waiting = (): Expected[] => model.filter(({ outcome }) => outcome === undefined);
      for (const [number, each] of steps.entries()) {
        if (each.do === 'wait' && bench.queue.length === 0) {
          const controller = new AbortController();
          const deadline = bench.clock.now() + each.ms;
          model.push({ deadline, controller, outcome: undefined });
          outcomes.push(bench.wait(each.ms, controller.signal).catch((error) => error.code ?? error.message));
        } else if (each.do === 'arrive') {
          const [first] = waiting();
          if (first) first.outcome = `message ${number}`;
          bench.arrive(`message ${number}`);
        } else if (each.do === 'advance') {
          bench.clock.advance(each.ms);
          for (const read of waiting()) {
            if (read.deadline <= bench.clock.now()) read.outcome = 'ERR_MAILSLOT_TIMEOUT';
          }
        } else if (each.do === 'abort') {
          const read = model[each.ms];
          read?.controller.abort(new Error('aborted'));
          if (read) read.outcome ??= 'aborted';
        }
      }
      for (const read of waiting()) read.outcome = 'ERR_MAILSLOT_CLOSED';
      bench.reads.failAll(new MailslotError('ERR_MAILSLOT_CLOSED', `after ${bench.clock.now() - start} ms`));
      assert.deepEqual(
        await Promise.all(outcomes),
        model.map(({ outcome }) => outcome),
      );
    }),
    { numRuns: 300 },
  );
});
