import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import type { Message } from '../../index.js';
import { drain, pair, slotIn } from '../pair.test.support.js';
import { stateOf } from '../temp-root.test.support.js';

test('a consumer is handed what waits and what comes, in order, until the slot is closed', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b']);
  const seen: string[] = [];
  const consumed = slot.consume((message) => seen.push(message.text()));
  assert.deepEqual(seen, ['a', 'b']);
  await client.writeMany(['c', 'd']);
  assert.deepEqual(seen, ['a', 'b', 'c', 'd']);
  await slot.close();
  assert.equal(await consumed, undefined);
});

test('what the handler throws ends it: that message is read, those after it stay', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c']);
  const seen: string[] = [];
  const consumed = slot.consume((message) => {
    seen.push(message.text());
    if (message.text() === 'b') throw new Error('did not like b');
  });
  await assert.rejects(consumed, /did not like b/);
  assert.deepEqual(seen, ['a', 'b']);
  assert.deepEqual(drain(slot), ['c']);
});

test('a handler that throws nothing at all still ends it', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b']);
  const consumed = slot.consume(() => {
    throw undefined;
  });
  await assert.rejects(consumed, (error) => error === undefined);
  assert.deepEqual(drain(slot), ['b']);
});

test('an aborted consumer takes nothing more, and another may follow', async (t) => {
  const { slot, client } = await pair(t);
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const seen: string[] = [];
  const consumed = slot.consume((message) => seen.push(message.text()), { signal: controller.signal });
  await client.write('a');
  controller.abort(reason);
  await assert.rejects(consumed, reason);
  await client.writeMany(['b', 'c']);
  assert.deepEqual(seen, ['a']);
  const next = slot.consume((message) => seen.push(message.text()));
  assert.deepEqual(seen, ['a', 'b', 'c']);
  await slot.close();
  await next;
});

test('a handler may stop its own consumer, at the message it has', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c']);
  const controller = new AbortController();
  const consumed = slot.consume((message) => message.text() === 'b' && controller.abort(), controller);
  await assert.rejects(consumed, { name: 'AbortError' });
  assert.deepEqual(drain(slot), ['c']);
});

test('a handler may close the slot, and read from it', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c', 'd']);
  const seen: (string | undefined)[] = [];
  let closing: Promise<void> | undefined;
  await slot.consume((message) => {
    seen.push(message.text());
    if (message.text() === 'a') seen.push(slot.tryRead()?.text());
    if (message.text() === 'c') closing = slot.close();
  });
  await closing;
  assert.deepEqual(seen, ['a', 'b', 'c']);
  assert.equal(slot.statistics().dropped.unread, 1);
});

test('a handler may hand over to the next consumer, also when it fails after that', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c']);
  const controller = new AbortController();
  const seen: string[] = [];
  let next: Promise<void> | undefined;
  const first = slot.consume((message) => {
    controller.abort(new Error('handed over'));
    next = slot.consume((later) => seen.push(later.text()));
    throw new Error(`after ${message.text()}`);
  }, controller);
  await assert.rejects(first, /handed over/);
  await client.write('d');
  assert.deepEqual(seen, ['b', 'c', 'd']);
  await slot.close();
  assert.equal(await stateOf(next as Promise<void>), 'fulfilled');
});

test('there is one consumer at a time', async (t) => {
  const { slot, client } = await pair(t);
  const seen: string[] = [];
  const consumed = slot.consume((message) => seen.push(message.text()));
  await assert.rejects(
    slot.consume(() => assert.fail('a second consumer got a message')),
    { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' },
  );
  await client.write('a');
  assert.deepEqual(seen, ['a']);
  await slot.close();
  await consumed;
});

test('reads that waited before a consumer came are served before it', async (t) => {
  const { slot, client } = await pair(t);
  const seen: string[] = [];
  const read = slot.read();
  const consumed = slot.consume((message) => seen.push(message.text()));
  await client.writeMany(['a', 'b']);
  assert.equal((await read).text(), 'a');
  assert.deepEqual(seen, ['b']);
  await slot.close();
  await consumed;
});

test('consumers leave nothing on a signal that lives long', async (t) => {
  const { slot, client } = await pair(t);
  const { signal } = new AbortController();
  await client.write('a');
  await assert.rejects(
    slot.consume(
      () => {
        throw new Error('no');
      },
      { signal },
    ),
  );
  const consumed = slot.consume(() => {}, { signal });
  await slot.close();
  await consumed;
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('what is no handler, a signal that was aborted, and a slot that is closed are refused', async (t) => {
  const slot = await slotIn(t);
  await assert.rejects(slot.consume('log' as unknown as (message: Message) => void), {
    code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
  });
  await assert.rejects(
    slot.consume(() => {}, { signal: AbortSignal.abort() }),
    { name: 'AbortError' },
  );
  await slot.close();
  await assert.rejects(
    slot.consume(() => {}),
    { code: 'ERR_MAILSLOT_CLOSED' },
  );
});
