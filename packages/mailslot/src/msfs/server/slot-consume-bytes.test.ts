import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../index.js';
import { LARGE_BODY, SLAB } from '../../limits.js';
import { clientOf, drain, pair } from '../pair.test.support.js';

test('bytes are where the handler is told, from all writers, small and large, however many at once', async (t) => {
  const { slot, client } = await pair(t);
  const clients = [client, await clientOf(t, slot), await clientOf(t, slot)];
  let seen: string[] = [];
  const consumed = slot.consumeBytes((bytes, start, end) => seen.push(bytes.toString('latin1', start, end)));
  const size = fc.oneof(
    { weight: 9, arbitrary: fc.nat(200) },
    fc.integer({ min: LARGE_BODY - 2, max: LARGE_BODY + 2 }),
    fc.integer({ min: LARGE_BODY, max: 2 * SLAB }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(size, { maxLength: 200 }), { maxLength: 3 }), async (batches) => {
      seen = [];
      const lists = batches.map((sizes, writer) =>
        sizes.map((length, number) => `${writer}:${number};`.repeat(1 + length / 4).slice(0, length)),
      );
      await Promise.all(lists.map((list, writer) => clients[writer]?.writeMany(list)));
      assert.deepEqual(seen.toSorted(), lists.flat().toSorted());
      for (const [writer, list] of lists.entries()) {
        const own = list.filter((text) => text.length > 4);
        assert.deepEqual(
          seen.filter((text) => text.length > 4 && text.startsWith(`${writer}:`)),
          own,
        );
      }
    }),
    { numRuns: 60 },
  );
  await slot.close();
  await consumed;
});

test('what a handler leaves when it throws stays as it is, whatever is read over it', async (t) => {
  const { slot, client } = await pair(t);
  const other = await clientOf(t, slot);
  let left = 3;
  const consumed = slot.consumeBytes(() => {
    left -= 1;
    if (left === 0) throw new Error('enough');
  });
  const refused = assert.rejects(consumed, /enough/);
  await client.writeMany(['a', 'b', 'c', 'd', 'x'.repeat(500), 'e']);
  await refused;
  const again = slot.consumeBytes(() => {
    throw new Error('not one more');
  });
  await assert.rejects(again, /not one more/);
  await other.writeMany(Array.from({ length: 500 }, () => 'overwriting'));
  const texts = drain(slot);
  assert.deepEqual(texts.slice(0, 2), ['x'.repeat(500), 'e']);
  assert.ok(texts.slice(2).every((text) => text === 'overwriting'));
  assert.equal(texts.length, 502);
});

test('it says who wrote, and may take turns with the other forms', async (t) => {
  const { slot, client } = await pair(t);
  const pids: number[] = [];
  const stop = new AbortController();
  const consumed = slot.consumeBytes((_bytes, _start, _end, sender) => pids.push(sender.pid), stop);
  await assert.rejects(
    slot.consume(() => {}),
    { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' },
  );
  await client.write('a');
  assert.deepEqual(pids, [process.pid]);
  stop.abort();
  await assert.rejects(consumed, { name: 'AbortError' });
  await client.write('kept');
  const kept = await slot.read();
  const consumedAgain = slot.consumeBytes(() => {});
  await client.write('over it');
  assert.equal(kept.text(), 'kept');
  await slot.close();
  await consumedAgain;
});

test('with a queue smaller than what comes at once, nothing is lost', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 200 } });
  const seen: string[] = [];
  const consumed = slot.consumeBytes((bytes, start, end) => seen.push(bytes.toString('latin1', start, end)));
  const texts = Array.from({ length: 1000 }, (_, number) => `${number}`);
  await client.writeMany(texts);
  assert.deepEqual(seen, texts);
  await slot.close();
  await consumed;
});

test('what other forms of reading return may be kept, although reads use one buffer for ever', async (t) => {
  const { slot, client } = await pair(t);
  const kept: { readonly text: string; readonly message: Message }[] = [];
  const keep = (message: Message | undefined): void => {
    if (message) kept.push({ text: message.text(), message });
  };
  const consumed = slot.consumeBytes(() => {
    keep(slot.tryRead());
    void slot.read({ timeout: 1000 }).then(keep, () => {});
  });
  for (let round = 0; round < 50; round += 1) {
    await client.writeMany(Array.from({ length: 20 }, (_, number) => `round ${round}, message ${number}`));
  }
  await slot.close();
  await consumed;
  assert.ok(kept.length > 400, `${kept.length} kept`);
  for (const { text, message } of kept) assert.equal(message.text(), text);
});
