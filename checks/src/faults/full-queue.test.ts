import assert from 'node:assert/strict';
import type { MailslotStatistics, WhenFull } from 'mailslot';
import type { Child } from '../harness/child.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import type { Drain } from './programs/drain.js';
import type { Flood, Flooded, Method } from './programs/flood.js';
import { sizes } from './sizes.js';

const METHODS: readonly Method[] = ['write', 'post', 'write'];
const BYTES = 36;
/** Messages that the queue holds. */
const HOLDS = 100;

interface Result {
  readonly reader: Child<Drain>;
  readonly flooded: readonly Flooded[];
  /** What was read of each writer, in the order it was read. */
  readonly read: readonly number[][];
}

proof('reject loses what statistics() and the writers were told, message by message', async (at) => {
  const { reader, flooded, read } = await overflow(at, 'reject');
  const { statistics, published } = await reader.ask('statistics');
  for (const [writer, { refused, refusedAtClose, refusedCounted }] of flooded.entries()) {
    const got = new Set(read[writer]);
    assert.equal(got.size + refusedCounted, sizes.perLoser, 'each was read or refused');
    assert.equal(METHODS[writer] === 'post' ? refusedAtClose : refused.length, refusedCounted);
    for (const number of refused) assert.ok(!got.has(number), `${number} was refused and read`);
  }
  const refusedAll = flooded.reduce((sum, { refusedCounted }) => sum + refusedCounted, 0);
  const readAll = inOrder(read);
  assert.deepEqual(
    counted(statistics),
    expected({ received: readAll, delivered: readAll, rejected: refusedAll }),
  );
  assert.deepEqual(published, { reject: refusedAll });
  return { sent: METHODS.length * sizes.perLoser, read: readAll, rejected: refusedAll };
});

for (const [rule, which] of [
  ['drop-newest', 'newest'],
  ['drop-oldest', 'oldest'],
] as const) {
  proof(`${rule} loses exactly what statistics() says, and resolves`, async (at) => {
    const { reader, flooded, read } = await overflow(at, rule);
    const { statistics, published } = await reader.ask('statistics');
    const sent = METHODS.length * sizes.perLoser;
    const readAll = inOrder(read);
    const lost = sent - readAll;
    assert.ok(lost > 0);
    for (const { refused, refusedCounted, refusedAtClose } of flooded) {
      assert.deepEqual([refused.length, refusedCounted, refusedAtClose], [0, 0, 0]);
    }
    const dropped = { oldest: 0, newest: 0, unread: 0, [which]: lost };
    assert.deepEqual(counted(statistics), expected({ received: sent, delivered: readAll, dropped }));
    assert.deepEqual(published, { [rule]: lost });
    return { sent, read: readAll, dropped: lost };
  });
}

for (const [rule, from] of [
  ['reject', 0],
  ['drop-newest', 0],
  ['drop-oldest', 1000 - HOLDS],
] as const) {
  proof(
    `${rule} with nobody reading keeps the ${from === 0 ? 'first' : 'last'} that fit`,
    async ({ root, start }) => {
      const reader = await start<Drain>('drain');
      await reader.ask('create', 'losses', root, { bytes: HOLDS * (BYTES + 64), whenFull: rule });
      const writer = await start<Flood>('flood');
      await writer.ask('flood', { root, name: 'losses', writer: 0, count: 1000, bytes: BYTES, way: 'write' });
      const [kept] = await reader.ask('finish', 1);
      assert.deepEqual(
        kept,
        Array.from({ length: HOLDS }, (_, number) => from + number),
      );
      return { sent: 1000, kept: HOLDS };
    },
  );
}

/** Three processes write more than a slot can hold, whose reader takes some now and then. */
async function overflow({ root, start }: Scene, whenFull: WhenFull): Promise<Result> {
  const reader = await start<Drain>('drain');
  await reader.ask('create', 'losses', root, { bytes: HOLDS * (BYTES + 64), whenFull });
  const browsing = reader.ask('browse');
  const floods = METHODS.map(async (way, writer) => {
    const child = await start<Flood>('flood');
    return child.ask('flood', { root, name: 'losses', writer, count: sizes.perLoser, bytes: BYTES, way });
  });
  const flooded = await Promise.all(floods);
  const read = await reader.ask('finish', METHODS.length);
  await browsing;
  return { reader, flooded, read };
}

/** How many there are, each writer's in ascending order and none twice. */
function inOrder(read: readonly number[][]): number {
  for (const numbers of read) {
    for (const [at, number] of numbers.entries()) assert.ok(at === 0 || number > (numbers[at - 1] as number));
  }
  return read.reduce((sum, numbers) => sum + numbers.length, 0);
}

function expected(numbers: object): object {
  const nothing = { received: 0, delivered: 0, dropped: { oldest: 0, newest: 0, unread: 0 }, rejected: 0 };
  return { ...nothing, faults: 0, ...numbers };
}

/** Without what depends on the moment: the last writer may be just about to leave. */
function counted({ bytes, writers, ...numbers }: MailslotStatistics): object {
  return numbers;
}
