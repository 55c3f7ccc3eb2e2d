import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Message } from 'mailslot';
import { CLOSED, type Play, texts } from './play.js';

const TIMEOUT = { code: 'ERR_MAILSLOT_TIMEOUT' };

/** Ways of leaving a reader. */
export const reading: Readonly<Record<string, Play>> = {
  'a loop left with break': async (slot, client) => {
    await client.writeMany(['0', '1', '2', '3']);
    for await (const message of slot) if (message.text() === '1') break;
    for await (const message of slot) {
      assert.equal(message.text(), '2');
      break;
    }
    await client.write('4');
    assert.deepEqual(texts(slot), ['3', '4']);
  },

  'a loop left by an error': async (slot, client) => {
    await client.writeMany(['0', '1']);
    const loop = async (): Promise<void> => {
      for await (const message of slot) throw new Error(message.text());
    };
    await assert.rejects(loop(), /^Error: 0$/);
    assert.deepEqual(texts(slot), ['1']);
  },

  'an iterator ended while a step waits': async (slot, client) => {
    const iterator = slot[Symbol.asyncIterator]();
    const step = iterator.next();
    assert.deepEqual(await iterator.return?.(), { done: true, value: undefined });
    assert.deepEqual(await step, { done: true, value: undefined });
    await client.write('kept');
    assert.deepEqual(texts(slot), ['kept']);
  },

  'a stream cancelled while a read waits': async (slot, client) => {
    const reader = slot.readable.getReader();
    const step = reader.read();
    await reader.cancel();
    assert.equal((await step).done, true);
    await client.write('kept');
    assert.deepEqual(texts(slot), ['kept']);
  },

  'a stream cancelled in the very turn in which its message comes': async (slot, client) => {
    const reader = slot.readable.getReader();
    const step = reader.read();
    await nextTurn();
    // Both messages come at once: the first goes to the stream, the second to a handler that cancels it.
    const consumed = slot.consume(() => void reader.cancel());
    await client.writeMany(['first', 'second']);
    const { value } = await step;
    assert.deepEqual([...(value ? [value.text()] : []), ...texts(slot)], ['first']);
    await slot.close();
    await consumed;
  },

  'reads aborted before, while and after messages come': async (slot, client) => {
    const reason = new Error('enough');
    for (let round = 0; round < 60; round += 1) {
      const stop = new AbortController();
      const { signal } = stop;
      const reads = Promise.allSettled([slot.read({ signal }), slot.readInto(Buffer.alloc(9), { signal })]);
      const kept = slot.read();
      if (round % 3 === 0) stop.abort(reason);
      const sent = [`a${round}`, `b${round}`, `c${round}`];
      const written = client.writeMany(sent);
      if (round % 3 === 1) stop.abort(reason);
      await written;
      stop.abort(reason);
      const outcomes = await reads;
      for (const outcome of outcomes) assert.ok(outcome.status === 'fulfilled' || outcome.reason === reason);
      const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
      assert.deepEqual([(await kept).text(), ...texts(slot)], sent.slice(taken));
    }
  },

  'reads that time out': async (slot, client) => {
    await Promise.all([
      assert.rejects(slot.read({ timeout: 5 }), TIMEOUT),
      assert.rejects(slot.readInto(Buffer.alloc(1), { timeout: 5 }), TIMEOUT),
      assert.rejects(slot.read({ timeout: 0 }), TIMEOUT),
    ]);
    slot.readTimeout = 5;
    const loop = async (): Promise<void> => {
      for await (const message of slot) assert.fail(message.text());
    };
    await assert.rejects(loop(), TIMEOUT);
    await client.write('kept');
    assert.deepEqual(texts(slot), ['kept']);
  },

  'a buffer that is too small': async (slot, client) => {
    const small = slot.readInto(Buffer.alloc(3));
    const next = slot.read();
    const outcome = assert.rejects(small, { code: 'ERR_MAILSLOT_BUFFER_TOO_SMALL', size: 4, limit: 3 });
    await client.write('four');
    await outcome;
    assert.equal((await next).text(), 'four');
  },

  'a consumer that throws, and one that is aborted': async (slot, client) => {
    const throwing = slot.consume((message) => {
      throw new Error(message.text());
    });
    const outcome = assert.rejects(throwing, /^Error: 0$/);
    await client.writeMany(['0', '1', '2', '3']);
    await outcome;
    const stop = new AbortController();
    const aborted = slot.consume((message) => message.text() === '2' && stop.abort(stop), stop);
    await assert.rejects(aborted, (reason) => reason === stop);
    assert.deepEqual(texts(slot), ['3']);
  },

  'handlers whose promises reject, with onError and without': async (slot, client) => {
    const fail = async ({ data }: Message): Promise<void> => {
      await nextTurn();
      throw new Error(data.toString());
    };
    const ending = slot.consume(fail, { concurrency: 2 });
    const outcome = assert.rejects(ending, /^Error: 0$/);
    await client.writeMany(['0', '1', '2', '3']);
    await outcome;
    const errors: string[] = [];
    const told = slot.consume(fail, { onError: (error) => errors.push(String(error)) });
    await client.writeMany(['4', '5']);
    while (errors.length < 4) await nextTurn();
    await slot.close();
    await told;
    assert.deepEqual(errors, ['Error: 2', 'Error: 3', 'Error: 4', 'Error: 5']);
  },

  'a slot closed while all kinds of reads wait': async (slot) => {
    const iterator = slot[Symbol.asyncIterator]();
    const waiting = Promise.all([
      assert.rejects(slot.read(), CLOSED),
      assert.rejects(slot.read({ timeout: 60_000, signal: new AbortController().signal }), CLOSED),
      assert.rejects(slot.readInto(Buffer.alloc(1)), CLOSED),
      slot.consume(() => {}),
      iterator.next().then((step) => assert.equal(step.done, true)),
      slot.readable
        .getReader()
        .read()
        .then((step) => assert.equal(step.done, true)),
    ]);
    await slot.close();
    await waiting;
    assert.throws(() => slot.tryRead(), CLOSED);
    assert.deepEqual(await slot[Symbol.asyncIterator]().next(), { done: true, value: undefined });
  },

  'a slot closed by its own reader': async (slot, client) => {
    await client.writeMany(['0', '1']);
    for await (const message of slot) {
      assert.equal(message.text(), '0');
      void slot.close();
    }
    assert.equal(slot.statistics().dropped.unread, 1);
  },
};
