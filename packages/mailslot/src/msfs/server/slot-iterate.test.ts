import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mailslot, Message } from '../../index.js';
import { drain, pair, slotIn } from '../pair.test.support.js';
import { stateOf } from '../temp-root.test.support.js';

const iterate = (slot: Mailslot): AsyncIterator<Message, undefined> => slot[Symbol.asyncIterator]();

test('a loop sees all messages in their order, those that wait and those that come, until the slot is closed', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b']);
  const seen: string[] = [];
  for await (const message of slot) {
    seen.push(message.text());
    if (message.text() === 'b') client.post('c');
    if (message.text() === 'c') await slot.close();
  }
  assert.deepEqual(seen, ['a', 'b', 'c']);
});

test('a loop that is left leaves the slot open and the rest of the messages in it', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c', 'd']);
  for await (const message of slot) {
    assert.equal(message.text(), 'a');
    break;
  }
  await assert.rejects(async () => {
    for await (const message of slot) throw new Error(`did not like ${message.text()}`);
  }, /did not like b/);
  assert.deepEqual(drain(slot), ['c', 'd']);
  await client.write('e');
  for await (const message of slot) {
    assert.equal(message.text(), 'e');
    break;
  }
});

test('a step that still waits ends with the iteration, and takes no message with it', async (t) => {
  const { slot, client } = await pair(t);
  const iterator = iterate(slot);
  const steps = [iterator.next(), iterator.next()];
  assert.deepEqual(await iterator.return?.(), { done: true, value: undefined });
  assert.deepEqual(await Promise.all(steps), Array(2).fill({ done: true, value: undefined }));
  await client.write('a');
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  assert.deepEqual(drain(slot), ['a']);
});

test('a step that has its message keeps it when the iteration ends', async (t) => {
  const { slot, client } = await pair(t);
  const iterator = iterate(slot);
  const step = iterator.next();
  await client.write('a');
  await iterator.return?.();
  assert.equal((await step).value?.text(), 'a');
});

test('a step waits as long as the slot says, and the loop may go on after that', async (t) => {
  const { slot, client } = await pair(t, { readTimeout: 1 });
  const iterator = iterate(slot);
  await assert.rejects(iterator.next(), { code: 'ERR_MAILSLOT_TIMEOUT' });
  await client.write('a');
  assert.equal((await iterator.next()).value?.text(), 'a');
});

test('closing the slot ends all loops, also those that begin then', async (t) => {
  const slot = await slotIn(t);
  const steps = [iterate(slot).next(), iterate(slot).next()];
  await slot.close();
  for (const step of steps) assert.deepEqual(await step, { done: true, value: undefined });
  for await (const message of slot) assert.fail(`a message of a closed slot: ${message.text()}`);
});

test('an iterator iterates over itself, so that one loop can go on where another was left', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b']);
  const iterator = slot[Symbol.asyncIterator]();
  assert.equal(iterator[Symbol.asyncIterator](), iterator);
});

test('loops, reads, buffers and streams that wait are served in turn, and nothing is lost or told twice', async (t) => {
  const { slot, client } = await pair(t);
  const buffer = Buffer.alloc(9);
  const iterator = iterate(slot);
  const reader = slot.readable.getReader();
  const outcomes = [
    slot.read().then((message) => message.text()),
    iterator.next().then((step) => step.value?.text()),
    slot.readInto(buffer).then((size) => buffer.toString('utf8', 0, size)),
    iterator.next().then((step) => step.value?.text()),
    reader.read().then((step) => step.value?.text()),
    slot.read().then((message) => message.text()),
  ];
  await client.writeMany(['1', '2', '3', '4', '5', '6', '7', '8']);
  assert.deepEqual((await Promise.all(outcomes)).sort(), ['1', '2', '3', '4', '5', '6']);
  assert.equal(slot.tryRead()?.text(), '7');
  assert.equal((await iterator.next()).value?.text(), '8');
  assert.equal(slot.statistics().delivered, 8);
});

test('a thousand messages, read in every way at once, all come to one reader each', async (t) => {
  const { slot, client } = await pair(t);
  const seen: string[] = [];
  const loops = Array.from({ length: 3 }, async () => {
    for await (const message of slot) seen.push(message.text());
  });
  const streamed = slot.readable.pipeTo(
    new WritableStream<Message>({
      write(message) {
        seen.push(message.text());
      },
    }),
  );
  const texts = Array.from({ length: 1000 }, (_, number) => `${number}`);
  for (let at = 0; at < texts.length; at += 50) {
    await client.writeMany(texts.slice(at, at + 50));
    const message = slot.tryRead();
    if (message) seen.push(message.text());
  }
  while (slot.info().messageCount > 0) await client.info();
  await slot.close();
  await Promise.all([...loops, streamed]);
  assert.deepEqual(
    seen.map(Number).sort((one, other) => one - other),
    texts.map(Number),
  );
});

test('the stream takes a message when it is read, and none before', async (t) => {
  const { slot, client } = await pair(t);
  const { readable } = slot;
  assert.equal(slot.readable, readable);
  await client.writeMany(['a', 'b']);
  await client.info();
  assert.equal(slot.info().messageCount, 2);
  const reader = readable.getReader();
  assert.equal((await reader.read()).value?.text(), 'a');
  assert.equal(slot.info().messageCount, 1);
});

test('cancelling the stream loses no message, also not one that it is waiting for', async (t) => {
  const { slot, client } = await pair(t);
  const reader = slot.readable.getReader();
  const waiting = reader.read();
  await reader.cancel();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  await client.writeMany(['a', 'b']);
  assert.deepEqual(drain(slot), ['a', 'b']);
});

test('cancelling the stream just when its message arrives loses none either', async (t) => {
  const { slot, client } = await pair(t);
  const reader = slot.readable.getReader();
  const streamed = reader.read();
  // The stream's read is served before the consumer, whose handler cancels the stream in the same moment.
  const seen: (string | undefined)[] = [];
  const consumed = slot.consume((message) => {
    seen.push(message.text());
    void reader.cancel();
  });
  await client.writeMany(['a', 'b']);
  seen.push((await streamed).value?.text());
  await slot.close();
  await consumed;
  assert.deepEqual(seen.sort(), ['a', 'b']);
});

test('closing the slot ends the stream', async (t) => {
  const slot = await slotIn(t);
  const waiting = slot.readable.getReader().read();
  await slot.close();
  assert.deepEqual(await waiting, { done: true, value: undefined });
});

test('a loop over the stream that is left loses nothing', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c']);
  for await (const message of slot.readable) {
    assert.equal(message.text(), 'a');
    break;
  }
  assert.deepEqual(drain(slot), ['b', 'c']);
});

test('after a stream was cancelled the slot can be streamed again', async (t) => {
  const { slot, client } = await pair(t);
  await slot.readable.cancel();
  const read = slot.readable.getReader().read();
  await client.write('a');
  assert.equal((await read).value?.text(), 'a');
});

test('a stream that has waited as long as the slot says fails, and the next one takes what comes', async (t) => {
  const { slot, client } = await pair(t, { readTimeout: 1 });
  const late = slot.readable.getReader();
  await assert.rejects(late.read(), { code: 'ERR_MAILSLOT_TIMEOUT' });
  await client.write('a');
  assert.equal((await slot.readable.getReader().read()).value?.text(), 'a');
});

test('an iteration nobody waits in takes no message', async (t) => {
  const { slot, client } = await pair(t);
  const iterator = iterate(slot);
  await client.write('a');
  assert.deepEqual(drain(slot), ['a']);
  const step = iterator.next();
  assert.equal(await stateOf(step), 'pending');
  await client.write('b');
  assert.equal((await step).value?.text(), 'b');
});
