import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMailslot, sendMessage } from '../../index.js';
import { clientOf, drain, pair, slotIn } from '../pair.test.support.js';
import { published, stateOf } from '../temp-root.test.support.js';

const MB = 1 << 20;
const closed = { code: 'ERR_MAILSLOT_CLOSED', win32Number: 38 };

test('closing a client sends what was handed over, and resolves when all of it is in the queue', async (t) => {
  const { slot, client } = await pair(t);
  const texts = Array.from({ length: 2000 }, (_, number) => `${number}`);
  for (const text of texts) assert.ok(client.post(text));
  client.post(Buffer.alloc(MB));
  await client.close();
  assert.equal(slot.info().messageCount, 2001);
  assert.deepEqual(drain(slot).slice(0, 2000), texts);
});

test('a client may be closed again and again, and by leaving its scope', async (t) => {
  const { slot, client } = await pair(t);
  const gone = published('disconnect');
  await Promise.all([client.close(), client.close(), client[Symbol.asyncDispose]()]);
  await client.close();
  await gone;
  assert.equal(slot.statistics().writers, 0);
});

test('a client that is closed takes nothing more', async (t) => {
  const { slot, client } = await pair(t);
  const closing = client.close();
  for (const state of ['closing', 'closed']) {
    await assert.rejects(client.write(state), closed);
    await assert.rejects(client.writeMany([state]), closed);
    await assert.rejects(client.drained(), closed);
    await assert.rejects(client.info(), closed);
    assert.throws(() => client.post(state), closed);
    await closing;
  }
  assert.deepEqual(drain(slot), []);
});

test('writes that wait when their client is closed come through first', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: MB + 64 } }, { bufferBytes: 1 });
  const large = (name: string): string => name.repeat(MB);
  const writes = [client.write(large('a')), client.write(large('b')), client.writeMany([large('c'), 'd'])];
  const closing = client.close();
  const seen: (string | undefined)[] = [];
  while (seen.length < 4) seen.push((await slot.read()).text()[0]);
  await Promise.all([...writes, closing]);
  assert.deepEqual(seen, ['a', 'b', 'c', 'd']);
});

test('closing says how many posted messages were refused, each time; writes were told themselves', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 130, whenFull: 'reject' } });
  for (const text of ['a', 'b', 'c', 'd']) client.post(text);
  await assert.rejects(client.write('e'), { code: 'ERR_MAILSLOT_QUEUE_FULL', messages: 1 });
  client.post('f');
  const refused = { code: 'ERR_MAILSLOT_QUEUE_FULL', messages: 3 };
  await assert.rejects(client.close(), refused);
  await assert.rejects(client.close(), refused);
  assert.deepEqual(client.statistics().refused, 4);
  assert.deepEqual(drain(slot), ['a', 'b']);
});

test('a close whose signal aborts fails with the reason and is a close all the same', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } });
  const gone = published('disconnect');
  for (const text of ['a', 'b', 'c']) client.post(text);
  const controller = new AbortController();
  const reason = new Error('in a hurry');
  const closing = client.close({ signal: controller.signal });
  assert.equal(await stateOf(closing), 'pending');
  controller.abort(reason);
  await assert.rejects(closing, reason);
  await assert.rejects(client.write('d'), closed);
  // What was on its way is read from a client that is gone already.
  for (const text of ['a', 'b', 'c']) assert.equal((await slot.read()).text(), text);
  await gone;
  assert.equal(slot.statistics().writers, 0);
});

test('a close that resolves means that all is decided, also beside another one that is in a hurry', async (t) => {
  for (const hand of ['write', 'post'] as const) {
    const { client } = await pair(t, { queue: { bytes: 65 } });
    await client.write('a');
    const written = hand === 'write' ? assert.rejects(client.write('b'), closed) : client.post('b');
    const controller = new AbortController();
    const patient = assert.rejects(client.close(), { ...closed, messages: 1 });
    const hasty = assert.rejects(client.close({ signal: controller.signal }), { name: 'AbortError' });
    controller.abort();
    await Promise.all([written, patient, hasty]);
    assert.deepEqual([client.statistics().sent, client.statistics().decided], [2, 1]);
  }
});

test('a close during which the slot ends tells of writes, too, of which nobody knows what became', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } });
  await client.write('a');
  const written = assert.rejects(client.write('b'), closed);
  const closing = assert.rejects(client.close(), { ...closed, messages: 1 });
  await client.info().catch(() => {});
  await slot.close();
  await Promise.all([written, closing]);
});

test('a close whose signal was aborted before still closes', async (t) => {
  const { client } = await pair(t);
  const gone = published('disconnect');
  await assert.rejects(client.close({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  await gone;
});

test('when the slot is closed, what it has decided counts, and what waits is told that it is gone', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 130 } });
  await client.writeMany(['a', 'b']);
  client.post('c');
  client.post('d');
  const waiting = [client.write('e'), client.writeMany(['f'])].map((each) => assert.rejects(each, closed));
  await client.info();
  await slot.close();
  await Promise.all(waiting);
  await assert.rejects(client.write('g'), closed);
  await assert.rejects(client.info(), closed);
  await assert.rejects(client.drained(), closed);
  assert.throws(() => client.post('h'), closed);
  await assert.rejects(client.close(), { ...closed, messages: 2 });
  assert.equal(client.statistics().decided, 2);
});

test('a client of a closed slot that owes nothing closes without an error', async (t) => {
  const { slot, client } = await pair(t);
  await client.write('a');
  await slot.close();
  await client.close();
});

test('those who wait for room are told when the slot is closed', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 4 * MB } }, { bufferBytes: 1 });
  const body = 'x'.repeat(MB);
  const writes = Array.from({ length: 9 }, () => client.write(body));
  const drained = client.drained();
  const told = [...writes.slice(3), drained].map((each) => assert.rejects(each, closed));
  await Promise.all(writes.slice(0, 3));
  await slot.close();
  await Promise.all(told);
  await assert.rejects(client.write('late'), closed);
});

test('the stream writes messages, and closing it closes the client', async (t) => {
  const { slot, client } = await pair(t, {}, { bufferBytes: 1 });
  assert.equal(client.writable, client.writable);
  const writer = client.writable.getWriter();
  for (const chunk of ['a', Buffer.alloc(MB, 'b'), new Uint8Array(0)]) await writer.write(chunk);
  await writer.close();
  assert.deepEqual(
    drain(slot).map((text) => text.length),
    [1, MB, 0],
  );
  assert.throws(() => client.post('late'), closed);
});

test('a stream of text pipes into a slot, a message a chunk', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 80 } });
  const texts = Array.from({ length: 50 }, (_, number) => `${number}`);
  const piped = ReadableStream.from(texts).pipeTo(client.writable);
  const seen: string[] = [];
  while (seen.length < texts.length) seen.push((await slot.read()).text());
  await piped;
  assert.deepEqual(seen, texts);
});

test('the stream fails when a message is refused: at once if it is too large, else when it is closed', async (t) => {
  const { slot, client } = await pair(t, { maxMessageSize: 9, queue: { bytes: 140, whenFull: 'reject' } });
  const tooLarge = (await clientOf(t, slot)).writable.getWriter();
  await assert.rejects(tooLarge.write('x'.repeat(10)), { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' });
  await assert.rejects(tooLarge.closed, { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' });
  const writer = client.writable.getWriter();
  for (const text of ['a', 'b', 'c']) await writer.write(text);
  const end = assert.rejects(writer.closed, { code: 'ERR_MAILSLOT_QUEUE_FULL' });
  await assert.rejects(writer.close(), { code: 'ERR_MAILSLOT_QUEUE_FULL', messages: 1 });
  await end;
});

test('after a message that was refused the next stream goes on', async (t) => {
  const { slot, client } = await pair(t, { maxMessageSize: 5 });
  await assert.rejects(client.writable.getWriter().write('123456'), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
  });
  const writer = client.writable.getWriter();
  await writer.write('12345');
  await writer.close();
  assert.deepEqual(drain(slot), ['12345']);
});

test('a stream that is aborted ends although nobody reads the slot', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } }, { bufferBytes: 1 });
  const other = await clientOf(t, slot);
  const writer = client.writable.getWriter();
  const writes = Array.from({ length: 5 }, () => writer.write('x').catch(() => {}));
  const ended = Promise.all([
    writer.abort(new Error('in a hurry')),
    ...writes,
    assert.rejects(writer.closed),
  ]);
  for (let round = 0; round < 10; round += 1) await other.info();
  assert.equal(await stateOf(ended), 'fulfilled');
});

test('one message is sent on a connection of its own, and nothing is left of it', async (t) => {
  const slot = await slotIn(t);
  const sizes = [0, 1, 16_384, 4 * MB];
  for (const size of sizes) {
    const gone = published('disconnect');
    await sendMessage('APP/Events', Buffer.alloc(size), { root: slot.root });
    await gone;
  }
  assert.equal(slot.statistics().writers, 0);
  assert.deepEqual(
    drain(slot).map((text) => text.length),
    sizes,
  );
});

test('one message that cannot be sent says why', async (t) => {
  const slot = await slotIn(t, { maxMessageSize: 5, queue: { bytes: 70, whenFull: 'reject' } });
  const { name, root } = slot;
  const tooLarge = { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE', size: 6, limit: 5 };
  await assert.rejects(sendMessage(name, '123456', { root }), tooLarge);
  await assert.rejects(sendMessage(name, 5 as unknown as string, { root }), {
    code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
  });
  await sendMessage(name, 'a', { root });
  await assert.rejects(sendMessage(name, 'b', { root }), { code: 'ERR_MAILSLOT_QUEUE_FULL', messages: 1 });
  assert.deepEqual(drain(slot), ['a']);
  assert.equal(slot.statistics().rejected, 1);
});

test('one message whose slot is closed, or whose signal aborts, while it waits for room', async (t) => {
  const slot = await slotIn(t, { queue: { bytes: 65 } });
  const { name, root } = slot;
  await sendMessage(name, 'a', { root });
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const arrivals = [published('connect'), published('connect')];
  const aborted = assert.rejects(sendMessage(name, 'b', { root, signal: controller.signal }), reason);
  const cutOff = assert.rejects(sendMessage(name, 'c', { root }), closed);
  await Promise.all(arrivals);
  controller.abort(reason);
  await aborted;
  await slot.close();
  await cutOff;
  await assert.rejects(openMailslot(name, { root }), { code: 'ERR_MAILSLOT_NOT_FOUND' });
});
