import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMailslot, type Mailslot, type MailslotClient, openMailslot } from '../../index.js';
import { drain, pair } from '../pair.test.support.js';
import { stateOf, temporaryRoot } from '../temp-root.test.support.js';

const MB = 1 << 20;

/** More than the kernel holds between two ends, so that a client's own buffer fills. */
const large = (name: string): string => name.padEnd(MB, '.');
const names = (texts: readonly string[]): string[] => texts.map((text) => text.replace(/\.+$/, ''));

test('a write that has resolved is in the queue', async (t) => {
  const { slot, client } = await pair(t);
  for (let number = 1; number <= 100; number += 1) {
    await client.write(`${number}`);
    assert.equal(slot.info().messageCount, number);
  }
  const { sent, decided, refused, bytes, buffered } = client.statistics();
  assert.deepEqual(
    { sent, decided, refused, bytes, buffered },
    { sent: 100, decided: 100, refused: 0, bytes: 192, buffered: 0 },
  );
});

test('strings go as UTF-8, bytes as they are, views as the part they show', async (t) => {
  const { slot, client } = await pair(t);
  const bytes = Uint8Array.of(0, 1, 2, 0xff);
  await client.writeMany(['grüße \u{1f600}', bytes, bytes.subarray(1, 3), Buffer.from('b')]);
  const read = [];
  for (let message = slot.tryRead(); message; message = slot.tryRead())
    read.push(message.data.toString('hex'));
  assert.deepEqual(read, ['6772c3bcc39f6520f09f9880', '000102ff', '0102', '62']);
});

test('bytes below 16 KiB may be used again at once', async (t) => {
  const { slot, client } = await pair(t);
  const bytes = Buffer.from('one');
  const writes = [client.write(bytes)];
  bytes.write('two');
  writes.push(client.write(bytes));
  client.post(bytes);
  bytes.fill('x');
  await Promise.all(writes);
  await client.close();
  assert.deepEqual(drain(slot), ['one', 'two', 'two']);
});

test('what is neither a string nor bytes is refused', async (t) => {
  const { slot, client } = await pair(t);
  for (const wrong of [undefined, null, 5, {}, ['a'], new ArrayBuffer(2), new Uint16Array(2)] as string[]) {
    const refused = {
      code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
      message: /a message is a string or a Uint8Array/,
    };
    await assert.rejects(client.write(wrong), refused);
    await assert.rejects(client.writeMany(['a', wrong]), refused);
    assert.throws(() => client.post(wrong), refused);
  }
  // A number in quotation marks would be a string.
  await assert.rejects(client.write(42 as unknown as string), /, not 42$/);
  await client.write('a');
  assert.deepEqual(drain(slot), ['a']);
});

test('many written at once are any iterable, also an empty one', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany([]);
  await client.writeMany(new Set(['a', 'b']));
  await client.writeMany(
    (function* () {
      yield 'c';
      yield Buffer.from('d');
    })(),
  );
  assert.deepEqual(drain(slot), ['a', 'b', 'c', 'd']);
});

test('an aborted write fails with the reason before anything is sent', async (t) => {
  const { slot, client } = await pair(t);
  const reason = new Error('changed my mind');
  const aborted = { signal: AbortSignal.abort(reason) };
  await assert.rejects(client.write('a', aborted), reason);
  await assert.rejects(client.writeMany(['a'], aborted), reason);
  await assert.rejects(client.drained(aborted), reason);
  await assert.rejects(client.info(aborted), reason);
  await client.write('b');
  assert.deepEqual(drain(slot), ['b']);
});

test('a write that is aborted while it waits for room is never delivered', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 100 } }, { bufferBytes: 1 });
  assert.equal(client.messageLimit, 36);
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  // Of one turn the first leaves at once; those behind it find the buffer full and wait for the turn's end.
  const kept = [client.write('a'), client.write('b')];
  const aborted = [
    client.write('c', controller),
    client.writeMany(['d', 'e'], controller),
    client.drained(controller),
  ];
  kept.push(client.write('f'));
  controller.abort(reason);
  for (const each of aborted) await assert.rejects(each, reason);
  const seen: string[] = [];
  for (let count = 0; count < 3; count += 1) seen.push((await slot.read()).text());
  await Promise.all(kept);
  await client.close();
  assert.deepEqual([...seen, ...drain(slot)], ['a', 'b', 'f']);
});

test('a write that is aborted on its way fails at once, and may arrive all the same', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } });
  await client.write('a');
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const aborted = client.write('b', { signal: controller.signal });
  const list = client.writeMany(['c', 'd'], { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(aborted, reason);
  await assert.rejects(list, reason);
  const last = client.write('e');
  const seen: string[] = [];
  for (let count = 0; count < 5; count += 1) seen.push((await slot.read()).text());
  await last;
  assert.deepEqual(seen, ['a', 'b', 'c', 'd', 'e']);
});

test('waits leave nothing on a signal that lives long', async (t) => {
  const { slot, client } = await pair(t, {}, { bufferBytes: 1 });
  const { signal } = new AbortController();
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([
      client.write(large('a'), { signal }),
      client.write('b', { signal }),
      client.writeMany(['c', 'd'], { signal }),
      client.drained({ signal }),
      client.info({ signal }),
    ]);
  }
  assert.equal(drain(slot).length, 12);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('post says at once whether the message was taken, and what it refuses is not sent', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 3 * MB } }, { bufferBytes: MB });
  const taken: string[] = [];
  let refused = '';
  for (let number = 0; refused === ''; number += 1) {
    const name = `${number}`;
    if (client.post(large(name))) taken.push(name);
    else refused = name;
  }
  assert.equal(client.post(''), false);
  assert.equal(client.statistics().sent, taken.length);
  const drained = client.drained();
  const seen: string[] = [];
  while (seen.length < taken.length) seen.push((await slot.read()).text());
  await drained;
  assert.equal(client.post('again'), true);
  await client.close();
  assert.deepEqual(names([...seen, ...drain(slot)]), [...taken, 'again']);
});

test('there is room for one message however small the buffer is', async (t) => {
  const { slot, client } = await pair(t, {}, { bufferBytes: 1 });
  assert.equal(client.post(large('a')), true);
  await client.drained();
  assert.equal(client.post(large('b')), true);
  await client.close();
  assert.deepEqual(names(drain(slot)), ['a', 'b']);
});

test('drained resolves at once while there is room', async (t) => {
  const { client } = await pair(t);
  assert.equal(await stateOf(client.drained()), 'fulfilled');
});

test('what is handed over after a list arrives after all of the list, without waiting for it', async (t) => {
  const { slot, client } = await pair(t, {}, { bufferBytes: 1 });
  const writes = [
    client.writeMany(['1', large('2'), '3', '4']),
    client.write('5'),
    client.writeMany(['6', '7', '8']),
  ];
  while (!client.post('9')) await client.drained();
  await Promise.all(writes);
  await client.close();
  assert.deepEqual(names(drain(slot)), ['1', '2', '3', '4', '5', '6', '7', '8', '9']);
});

type Operation = { readonly how: 'post' | 'write' | 'writeMany'; readonly sizes: readonly number[] };

const size = fc.oneof(
  fc.nat(50),
  fc.integer({ min: 16_000, max: 17_000 }),
  fc.integer({ min: 1, max: 300_000 }),
);
const operation: fc.Arbitrary<Operation> = fc.record({
  how: fc.constantFrom('post', 'write', 'writeMany'),
  sizes: fc.array(size, { minLength: 1, maxLength: 6 }),
});

/** Hands messages over in every way, waiting only where it says so itself; returns their names in that order. */
async function handOver(client: MailslotClient, operations: readonly Operation[]): Promise<string[]> {
  const names: string[] = [];
  const pending: Promise<void>[] = [];
  const next = (length: number): string => {
    names.push(`${names.length};`);
    return (names.at(-1) as string).padEnd(length, '.');
  };
  for (const { how, sizes } of operations) {
    if (how === 'writeMany') await client.writeMany(sizes.map(next));
    else if (how === 'write') pending.push(...sizes.map((length) => client.write(next(length))));
    else {
      for (const text of sizes.map(next)) while (!client.post(text)) await client.drained();
    }
  }
  await Promise.all(pending);
  await client.close();
  return names;
}

async function readCount(slot: Mailslot, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) texts.push((await slot.read()).text());
  return names(texts);
}

test('messages of one client arrive in the order they were handed over, in whatever way and of whatever size', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 12 }),
      fc.constantFrom(1, 20_000, MB),
      async (operations, bufferBytes) => {
        const root = temporaryRoot(t);
        const slot = await createMailslot('a', { root, queue: { bytes: 400_000 } });
        const client = await openMailslot('a', { root, bufferBytes });
        try {
          const count = operations.reduce((sum, { sizes }) => sum + sizes.length, 0);
          const [seen, expected] = await Promise.all([readCount(slot, count), handOver(client, operations)]);
          assert.deepEqual(seen, expected);
        } finally {
          await client.close().catch(() => {});
          await slot.close();
        }
      },
    ),
    { numRuns: 40 },
  );
});
