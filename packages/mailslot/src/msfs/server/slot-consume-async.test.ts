import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ConsumeOptions, Mailslot, Message } from '../../index.js';
import { drain, pair, slotIn } from '../pair.test.support.js';
import { stateOf } from '../temp-root.test.support.js';

/** Handlers at work: each message is one, until the test ends it. */
class Work {
  /** The texts, in the order they were handed out. */
  readonly begun: string[] = [];
  private readonly running = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>();

  readonly handler = (message: Message): Promise<void> => this.begin(message.text());

  begin(text: string): Promise<void> {
    this.begun.push(text);
    return new Promise((resolve, reject) => this.running.set(text, { resolve, reject }));
  }

  /** Ends the handler of `text`, and lets all follow that follows from it. */
  async end(text: string): Promise<void> {
    this.running.get(text)?.resolve();
    await turn();
  }

  async fail(text: string): Promise<void> {
    this.running.get(text)?.reject(new Error(`did not like ${text}`));
    await turn();
  }
}

interface Consumed {
  readonly slot: Mailslot;
  readonly work: Work;
  readonly consumed: Promise<void>;
}

/** A slot with four messages that is being consumed. */
async function atWork(t: TestContext, options: ConsumeOptions = {}): Promise<Consumed> {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c', 'd']);
  const work = new Work();
  return { slot, work, consumed: slot.consume(work.handler, options) };
}

test('the next message stays in the queue until the promise of the handler has settled', async (t) => {
  const { slot, work, consumed } = await atWork(t);
  await turn();
  assert.deepEqual(work.begun, ['a']);
  assert.equal(slot.info().messageCount, 3);
  await work.end('a');
  assert.deepEqual(work.begun, ['a', 'b']);
  assert.equal(slot.tryRead()?.text(), 'c', 'what waits may be read in another way');
  await work.end('b');
  await work.end('d');
  assert.deepEqual(work.begun, ['a', 'b', 'd']);
  await slot.close();
  assert.equal(await consumed, undefined);
});

test('as many handlers run as were asked for, and start in the order of the queue', async (t) => {
  const { slot, work, consumed } = await atWork(t, { concurrency: 2 });
  assert.deepEqual(work.begun, ['a', 'b']);
  await work.end('b');
  assert.deepEqual(work.begun, ['a', 'b', 'c']);
  await work.end('a');
  assert.deepEqual(work.begun, ['a', 'b', 'c', 'd']);
  await Promise.all([work.end('c'), work.end('d')]);
  await slot.close();
  await consumed;
});

test('a handler that returns no promise does not wait for those that did', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['slow', 'a', 'b', 'c']);
  const work = new Work();
  const seen: string[] = [];
  const handler = (message: Message): void | Promise<void> => {
    if (message.text() === 'slow') return work.handler(message);
    seen.push(message.text());
  };
  const consumed = slot.consume(handler, { concurrency: 2 });
  assert.deepEqual(seen, ['a', 'b', 'c']);
  await work.end('slow');
  await slot.close();
  await consumed;
});

test('while handlers run the queue fills, and its rule holds', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 2 * 65, whenFull: 'reject' } });
  const work = new Work();
  const consumed = slot.consume(work.handler);
  for (const text of ['a', 'b', 'c']) await client.write(text);
  await assert.rejects(client.write('d'), { code: 'ERR_MAILSLOT_QUEUE_FULL' });
  await work.end('a');
  await client.write('e');
  for (const text of ['b', 'c', 'e']) await work.end(text);
  assert.deepEqual(work.begun, ['a', 'b', 'c', 'e']);
  await slot.close();
  await consumed;
});

test('while handlers run, writers wait for room, and go on when there is some', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } });
  const work = new Work();
  const consumed = slot.consume(work.handler);
  await client.writeMany(['a', 'b']);
  const third = client.write('c');
  await client.info();
  assert.equal(await stateOf(third), 'pending');
  await work.end('a');
  await third;
  await work.end('b');
  await work.end('c');
  await slot.close();
  await consumed;
});

test('a rejection ends it when all handlers have ended: what they have is read, the rest stays', async (t) => {
  const { slot, work, consumed } = await atWork(t, { concurrency: 3 });
  await work.fail('b');
  assert.equal(await stateOf(consumed), 'pending');
  await work.end('a');
  assert.equal(await stateOf(consumed), 'pending');
  const refused = assert.rejects(consumed, /did not like b/);
  await work.fail('c');
  await refused;
  assert.deepEqual(work.begun, ['a', 'b', 'c']);
  assert.deepEqual(drain(slot), ['d']);
});

test('what is thrown ends it also when others run, and when it is nothing at all', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c']);
  const work = new Work();
  const consumed = slot.consume(
    (message) => {
      if (message.text() === 'b') throw undefined;
      return work.handler(message);
    },
    { concurrency: 3 },
  );
  assert.equal(await stateOf(consumed), 'pending');
  const refused = assert.rejects(consumed, (error) => error === undefined);
  await work.end('a');
  await refused;
  assert.deepEqual(drain(slot), ['c']);
});

test('with onError it goes on, whether a handler throws or rejects', async (t) => {
  const { slot, client } = await pair(t);
  const errors: string[] = [];
  const seen: string[] = [];
  const consumed = slot.consume(
    (message) => {
      seen.push(message.text());
      if (message.text() === 'a') throw new Error('thrown');
      if (message.text() === 'b') return Promise.reject(new Error('rejected'));
      return undefined;
    },
    { onError: (error) => errors.push((error as Error).message) },
  );
  await client.writeMany(['a', 'b', 'c']);
  await turn();
  assert.deepEqual(seen, ['a', 'b', 'c']);
  assert.deepEqual(errors, ['thrown', 'rejected']);
  await slot.close();
  await consumed;
});

test('the promise of onError is waited for as the one of the handler is', async (t) => {
  const repairs = new Work();
  const { slot, work, consumed } = await atWork(t, {
    onError: (error) => repairs.begin((error as Error).message),
  });
  await work.fail('a');
  assert.deepEqual(repairs.begun, ['did not like a']);
  assert.deepEqual(work.begun, ['a']);
  await repairs.end('did not like a');
  assert.deepEqual(work.begun, ['a', 'b']);
  const refused = assert.rejects(consumed, /did not like did not like b/);
  await work.fail('b');
  await repairs.fail('did not like b');
  await refused;
  assert.deepEqual(drain(slot), ['c', 'd']);
});

test('an onError that throws ends it, also when the handler had thrown', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b']);
  const fail = (): never => {
    throw new Error('of the handler');
  };
  const onError = (): never => {
    throw new Error('of onError');
  };
  await assert.rejects(slot.consume(fail, { onError }), /of onError/);
  assert.deepEqual(drain(slot), ['b']);
});

test('an abort hands out nothing more; it rejects when the handlers have ended, and another may begin', async (t) => {
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const { slot, work, consumed } = await atWork(t, { signal: controller.signal, concurrency: 2 });
  controller.abort(reason);
  await work.end('a');
  assert.deepEqual(work.begun, ['a', 'b']);
  assert.equal(await stateOf(consumed), 'pending');
  const seen: string[] = [];
  const next = slot.consume((message) => seen.push(message.text()));
  assert.deepEqual(seen, ['c', 'd']);
  const refused = assert.rejects(consumed, reason);
  // The reason came first.
  await work.fail('b');
  await refused;
  assert.equal(await stateOf(next), 'pending');
  await slot.close();
  await next;
});

test('a handler that aborts and goes on is waited for', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b']);
  const controller = new AbortController();
  const work = new Work();
  const consumed = slot.consume(
    (message) => {
      controller.abort();
      return work.handler(message);
    },
    { signal: controller.signal },
  );
  assert.equal(await stateOf(consumed), 'pending');
  const refused = assert.rejects(consumed, { name: 'AbortError' });
  await work.end('a');
  await refused;
  assert.deepEqual(drain(slot), ['b']);
});

test('a slot is closed without its handlers; consume resolves when they have ended', async (t) => {
  const { slot, work, consumed } = await atWork(t, { concurrency: 2 });
  await slot.close();
  assert.equal(slot.statistics().dropped.unread, 2);
  await work.end('a');
  assert.equal(await stateOf(consumed), 'pending');
  await work.end('b');
  assert.equal(await stateOf(consumed), 'fulfilled');
  assert.deepEqual(work.begun, ['a', 'b']);
});

test('a handler that fails after the slot was closed is not lost', async (t) => {
  const first = await atWork(t);
  await first.slot.close();
  const refused = assert.rejects(first.consumed, /did not like a/);
  await first.work.fail('a');
  await refused;
  const errors: unknown[] = [];
  const second = await atWork(t, { onError: (error) => errors.push(error) });
  await second.slot.close();
  await second.work.fail('a');
  await second.consumed;
  assert.equal(errors.length, 1);
});

test('the bytes that consumeBytes leaves in the queue are not read over', { timeout: 30_000 }, async (t) => {
  const { slot, client } = await pair(t);
  const seen: string[] = [];
  const sizes = [1, 3, 500, 70_000, 20, 5_000];
  const consumed = slot.consumeBytes(
    async (bytes, start, end) => {
      const text = bytes.toString('latin1', start, end);
      await turn();
      seen.push(text);
    },
    { concurrency: 3 },
  );
  const texts = Array.from({ length: 600 }, (_, number) =>
    `${number};`.padEnd(sizes[number % sizes.length] as number, `${number % 10}`),
  );
  for (let at = 0; at < texts.length; at += 50) await client.writeMany(texts.slice(at, at + 50));
  while (seen.length < texts.length) await turn();
  assert.deepEqual(seen, texts);
  await slot.close();
  await consumed;
});

test('what is no concurrency, no onError and no option is refused', { timeout: 10_000 }, async (t) => {
  const slot = await slotIn(t);
  const refused = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };
  const wrong: readonly unknown[] = [
    ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2'].map((concurrency) => ({ concurrency })),
    { onError: 'log' },
    { onError: null },
    { concurency: 2 },
    null,
  ];
  for (const options of wrong) {
    await assert.rejects(
      slot.consume(() => {}, options as ConsumeOptions),
      refused,
    );
    await assert.rejects(
      slot.consumeBytes(() => {}, options as ConsumeOptions),
      refused,
    );
  }
});
