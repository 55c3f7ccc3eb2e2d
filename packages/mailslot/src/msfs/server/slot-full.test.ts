import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMailslot, type Mailslot, type MailslotClient, openMailslot } from '../../index.js';
import { clientOf, drain, type Pair, pair } from '../pair.test.support.js';
import { stateOf, temporaryRoot } from '../temp-root.test.support.js';

type Rule = 'block' | 'reject' | 'drop-newest' | 'drop-oldest';

/** A message that is charged 100: three of them fill the queues here. */
const body = (text: string): string => text.padEnd(36, '.');
const bodies = (...texts: string[]): string[] => texts.map(body);

const full = (t: Parameters<typeof pair>[0], whenFull: Rule): Promise<Pair> =>
  pair(t, { queue: { bytes: 300, whenFull } });

test('reject: a write that finds no room rejects, the queue is as it was, and the writer goes on', async (t) => {
  const { slot, client } = await full(t, 'reject');
  await client.writeMany(bodies('a', 'b', 'c'));
  await assert.rejects(client.write(body('d')), {
    code: 'ERR_MAILSLOT_QUEUE_FULL',
    win32Number: 1816,
    messages: 1,
  });
  assert.equal(slot.tryRead()?.text(), body('a'));
  await client.write(body('e'));
  assert.deepEqual(drain(slot), bodies('b', 'c', 'e'));
  const { received, delivered, rejected, bytes } = slot.statistics();
  assert.deepEqual(
    { received, delivered, rejected, bytes },
    { received: 4, delivered: 4, rejected: 1, bytes: 4 * 36 },
  );
  const { sent, decided, refused } = client.statistics();
  assert.deepEqual({ sent, decided, refused }, { sent: 5, decided: 5, refused: 1 });
});

test('reject: of many written at once it is told how many were refused, and the others are in the queue', async (t) => {
  const { slot, client } = await full(t, 'reject');
  await client.write(body('a'));
  await assert.rejects(client.writeMany([...bodies('b', 'c', 'd', 'e'), '']), {
    code: 'ERR_MAILSLOT_QUEUE_FULL',
    messages: 3,
  });
  assert.deepEqual(drain(slot), bodies('a', 'b', 'c'));
  assert.equal(slot.statistics().rejected, 3);
});

test('reject: a small message may fit where a large one did not', async (t) => {
  const { slot, client } = await full(t, 'reject');
  await client.write('x'.repeat(200));
  const outcomes = await Promise.allSettled([
    client.write('large'),
    client.write(body('also large')),
    client.write(''),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  slot.tryRead();
  await client.write('x'.repeat(172));
  const again = await Promise.allSettled([client.write('large'), client.write('')]);
  assert.deepEqual(
    again.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  );
});

test('reject: what was refused in the turn in which a reader closes the slot is told as refused', async (t) => {
  const { slot, client } = await full(t, 'reject');
  const consumed = slot.consume(() => void slot.close());
  const writes = bodies('a', 'b', 'c', 'd', 'e').map((each) => outcomeOf(client.write(each)));
  assert.deepEqual(await Promise.all(writes), ['taken', 'taken', 'taken', 'refused', 'refused']);
  await consumed;
  const { received, rejected } = slot.statistics();
  assert.deepEqual([received, rejected, client.statistics().refused], [3, 2, 2]);
});

test('drop-newest: what finds no room is lost and counted, and its write resolves', async (t) => {
  const { slot, client } = await full(t, 'drop-newest');
  await client.writeMany(bodies('a', 'b', 'c', 'd', 'e'));
  assert.deepEqual(drain(slot), bodies('a', 'b', 'c'));
  await client.write('f');
  assert.deepEqual(drain(slot), ['f']);
  const { received, delivered, dropped, rejected, bytes } = slot.statistics();
  assert.deepEqual([received, delivered, rejected, bytes], [6, 4, 0, 3 * 36 + 1]);
  assert.deepEqual(dropped, { oldest: 0, newest: 2, unread: 0 });
  assert.equal(client.statistics().refused, 0);
});

test('drop-oldest: the oldest make room, as many as it takes, and are counted', async (t) => {
  const { slot, client } = await full(t, 'drop-oldest');
  await client.writeMany(bodies('a', 'b', 'c', 'd'));
  assert.equal((await client.info()).dropped, 1);
  await client.write('x'.repeat(100));
  assert.deepEqual(drain(slot), [body('d'), 'x'.repeat(100)]);
  const { received, delivered, dropped, bytes } = slot.statistics();
  assert.deepEqual([received, delivered, bytes], [5, 2, 4 * 36 + 100]);
  assert.deepEqual(dropped, { oldest: 3, newest: 0, unread: 0 });
});

test('block: a write waits for room, and goes on as soon as one message is read', async (t) => {
  const { slot, client } = await full(t, 'block');
  await client.writeMany(bodies('a', 'b', 'c'));
  const waiting = client.write(body('d'));
  // Each answer proves that the server was at work meanwhile.
  for (let round = 0; round < 5; round += 1) assert.equal((await client.info()).messageCount, 3);
  assert.equal(await stateOf(waiting), 'pending');
  assert.equal(slot.tryRead()?.text(), body('a'));
  await waiting;
  assert.deepEqual(drain(slot), bodies('b', 'c', 'd'));
  assert.deepEqual(slot.statistics().dropped, { oldest: 0, newest: 0, unread: 0 });
});

test('block: a message larger than the room waits until enough is read, and none overtakes it', async (t) => {
  const { slot, client } = await full(t, 'block');
  await client.writeMany(bodies('a', 'b', 'c'));
  const waiting = Promise.all([client.write('x'.repeat(180)), client.write('')]);
  for (const text of ['a', 'b']) {
    assert.equal(slot.tryRead()?.text(), body(text));
    for (let round = 0; round < 3; round += 1) await client.info();
    assert.equal(slot.info().messageCount, text === 'a' ? 2 : 1);
  }
  assert.deepEqual(drain(slot), bodies('c'));
  const first = await slot.read();
  assert.equal(first.size, 180);
  await waiting;
  assert.deepEqual(drain(slot), ['']);
});

test('block: writers that wait go on in the order they came, and all arrive', async (t) => {
  const { slot, client } = await full(t, 'block');
  const others = [await clientOf(t, slot), await clientOf(t, slot)];
  await client.writeMany(bodies('a', 'b', 'c'));
  const waiting = [];
  for (const [number, other] of others.entries()) {
    waiting.push(other.write(body(`${number}`)));
    for (let round = 0; round < 3; round += 1) await client.info();
  }
  const seen: string[] = [];
  for (let count = 0; count < 5; count += 1) seen.push((await slot.read()).text());
  await Promise.all(waiting);
  assert.deepEqual(seen, bodies('a', 'b', 'c', '0', '1'));
});

test('asking how the slot stands is never stuck behind a full queue', async (t) => {
  const { slot, client } = await full(t, 'block');
  await client.writeMany(bodies('a', 'b', 'c'));
  const waiting = client.write(body('d'));
  const info = await client.info();
  assert.deepEqual(
    [info.messageCount, info.nextMessageSize, info.queueUsed, info.queueBytes, info.received],
    [3, 36, 300, 300, 3],
  );
  assert.equal(slot.statistics().writers, 1, 'who only asks is no writer');
  drain(slot);
  await waiting;
});

for (const whenFull of ['block', 'reject', 'drop-newest', 'drop-oldest'] as const) {
  test(`${whenFull}: a message of the limit is taken, one byte more refused before it is sent`, async (t) => {
    const { slot, client } = await pair(t, { maxMessageSize: 10, queue: { bytes: 74, whenFull } });
    await client.write('0123456789');
    const before = [slot.statistics(), slot.info(), client.statistics()];
    for (const large of ['0123456789X', Buffer.alloc(11), 'ééééé1']) {
      const refused = { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE', size: 11, limit: 10 };
      await assert.rejects(client.write(large), refused);
      await assert.rejects(client.writeMany(['ok', large]), refused);
      assert.throws(() => client.post(large), refused);
    }
    await client.info();
    assert.deepEqual([slot.statistics(), slot.info(), client.statistics()], before);
    assert.deepEqual(drain(slot), ['0123456789']);
    await client.write('goes on');
  });
}

/** One client's way to write a message, and what the client learned of it. */
async function outcomeOf(writing: Promise<void>): Promise<'taken' | 'refused'> {
  try {
    await writing;
    return 'taken';
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'ERR_MAILSLOT_QUEUE_FULL');
    return 'refused';
  }
}

interface Traffic {
  readonly rule: Exclude<Rule, 'block'>;
  readonly steps: readonly { readonly client: 0 | 1; readonly size: number; readonly reads: number }[];
}

const traffic: fc.Arbitrary<Traffic> = fc.record({
  rule: fc.constantFrom('reject', 'drop-newest', 'drop-oldest'),
  steps: fc.array(
    fc.record({
      client: fc.constantFrom(0, 1),
      size: fc.oneof(fc.nat(200), fc.integer({ min: 16_000, max: 30_000 })),
      reads: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4) }),
    }),
    { maxLength: 40 },
  ),
});

interface Ends {
  readonly slot: Mailslot;
  readonly clients: readonly [MailslotClient, MailslotClient];
}

/** What the writers learned, what the reader saw, and what both ends counted must be the same story. */
async function compare({ slot, clients }: Ends, { rule, steps }: Traffic): Promise<void> {
  const writes: Promise<'taken' | 'refused'>[] = [];
  const seen: string[] = [];
  for (const [number, { client, size, reads }] of steps.entries()) {
    writes.push(outcomeOf(clients[client].write(`${number};`.padEnd(size, '.'))));
    if (reads > 0) await writes.at(-1);
    for (let left = reads; left > 0; left -= 1) seen.push(slot.tryRead()?.text() ?? '-');
  }
  const outcomes = await Promise.all(writes);
  seen.push(...drain(slot));
  const arrived = seen.filter((text) => text !== '-').map((text) => Number(text.split(';')[0]));
  const refused = outcomes.filter((outcome) => outcome === 'refused').length;
  const lost = steps.length - arrived.length - refused;
  assert.equal(new Set(arrived).size, arrived.length, 'a message came twice');
  assert.ok(arrived.every((number) => outcomes[number] === 'taken'));
  for (const client of [0, 1]) {
    const own = arrived.filter((number) => steps[number]?.client === client);
    assert.deepEqual(
      own,
      [...own].sort((one, other) => one - other),
    );
  }
  const { received, delivered, dropped, rejected } = slot.statistics();
  assert.deepEqual([received, delivered, rejected], [steps.length - refused, arrived.length, refused]);
  assert.equal(dropped.newest + dropped.oldest, lost);
  if (rule !== 'drop-oldest') assert.equal(dropped.oldest, 0);
  assert.equal(clients[0].statistics().refused + clients[1].statistics().refused, refused);
}

test('what the rules lose is exactly what both ends say they lost', async (t) => {
  await fc.assert(
    fc.asyncProperty(traffic, async (each) => {
      const root = temporaryRoot(t);
      const slot = await createMailslot('a', { root, queue: { bytes: 60_000, whenFull: each.rule } });
      const clients = [await openMailslot('a', { root }), await openMailslot('a', { root })] as const;
      try {
        await compare({ slot, clients }, each);
      } finally {
        for (const end of [...clients, slot]) await end.close().catch(() => {});
      }
    }),
    { numRuns: 40 },
  );
});
