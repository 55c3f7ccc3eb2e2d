import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BUSY_READ, LARGE_BODY, SCRATCH, SLAB } from '../../limits.js';
import type { Message } from '../message.js';
import { encodeHello } from '../wire/greeting.js';
import type { Connection } from './connection.js';
import {
  askInfo,
  connected,
  type FakeLink,
  frame,
  inboxWith,
  SimulatedSocket,
  sync,
} from './fake-link.test.support.js';
import type { Inbox } from './inbox.js';

/** A way from the socket to the writer; returns how many bytes of those that are there it took. */
type Feed = (bytes: Buffer) => number;

const paths: Readonly<Record<string, (writer: Connection) => Feed>> = {
  'read buffers that `ReadBuffers` names': (writer) => {
    const socket = new SimulatedSocket(writer);
    return (bytes) => socket.receive(bytes);
  },
  'chunks that the socket hands over': (writer) => (bytes) => {
    writer.buffers.offer(Buffer.from(bytes));
    writer.arrived();
    return bytes.length;
  },
};

/** Sizes of messages around each bound where another way is taken. */
const size = fc.oneof(
  { weight: 8, arbitrary: fc.nat(90) },
  { weight: 2, arbitrary: fc.nat(9000) },
  { weight: 2, arbitrary: fc.integer({ min: LARGE_BODY - 5, max: LARGE_BODY + 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: LARGE_BODY, max: SLAB + 40_000 }) },
);

/** Sizes of reads: dribbling, ordinary, those that make a connection busy, and as much as there is. */
const cut = fc.oneof(
  fc.integer({ min: 1, max: 13 }),
  fc.integer({ min: 1, max: BUSY_READ / 4 }),
  fc.integer({ min: BUSY_READ, max: SCRATCH }),
  fc.constant(SLAB),
);

const traffic = fc.record({
  sizes: fc.array(size, { maxLength: 60, size: 'max' }),
  cuts: fc.array(cut, { minLength: 1, maxLength: 30 }),
  /** Numbers of messages that the reader takes whenever it comes. */
  reads: fc.array(fc.nat(5), { minLength: 1, maxLength: 10 }),
});

/** A content that says which message it is, at every place of it. */
const bodyOf = (number: number, length: number): Buffer => Buffer.alloc(length, `${number};`);

function streamOf(sizes: readonly number[]): Buffer {
  const frames = sizes.map((length, number) => frame(bodyOf(number, length)));
  const asking = frames.flatMap((each, number) => {
    if (number % 11 === 3) return [each, sync];
    return number % 17 === 5 ? [each, askInfo] : [each];
  });
  return Buffer.concat([encodeHello(1, 4711), ...asking, sync]);
}

/** Feeds all of `stream` in the cuts given, in turn; `pause` is called whenever the writer must wait for room. */
async function feedAll(
  writer: Connection,
  feed: Feed,
  stream: Buffer,
  cuts: number[],
  pause: () => void,
): Promise<void> {
  for (let at = 0, turn = 0; at < stream.length; turn += 1) {
    if (turn % 7 === 6 || !writer.mayRead) {
      pause();
      await new Promise((resolve) => process.nextTick(resolve));
    }
    assert.equal(writer.isGone, false);
    if (!writer.mayRead) continue;
    at += feed(stream.subarray(at, at + (cuts[turn % cuts.length] as number)));
  }
}

function reader(inbox: Inbox, reads: readonly number[]): { messages: Message[]; read: () => void } {
  const messages: Message[] = [];
  let turn = 0;
  const read = (): void => {
    // At least one, or who waits for room would wait forever.
    for (let left = 1 + (reads[turn++ % reads.length] as number); left > 0; left -= 1) {
      const message = inbox.deliver();
      if (message) messages.push(message);
    }
  };
  return { messages, read };
}

/** Compared at the end only: what is read later must not have changed what was read before. */
function assertMessages(
  messages: readonly Message[],
  numbers: readonly number[],
  sizes: readonly number[],
): void {
  assert.deepEqual(
    messages.map((message) => message.size),
    numbers.map((number) => sizes[number]),
  );
  for (const [at, message] of messages.entries()) {
    const number = numbers[at] as number;
    assert.ok(bodyOf(number, sizes[number] as number).equals(message.data), `message ${number} has changed`);
    assert.equal(message.sender.pid, 4711);
  }
}

const everyNumber = (sizes: readonly number[]): number[] => Array.from(sizes.keys());

for (const [name, open] of Object.entries(paths)) {
  test(`by ${name}, the messages out are the messages in, however they are cut`, async () => {
    await fc.assert(
      fc.asyncProperty(traffic, async ({ sizes, cuts, reads }) => {
        const inbox = inboxWith();
        const { writer, link } = connected(inbox);
        const { messages, read } = reader(inbox, reads);
        await feedAll(writer, open(writer), streamOf(sizes), cuts, read);
        while (inbox.queue.count > 0) read();
        assertMessages(messages, everyNumber(sizes), sizes);
        assert.equal(lastTaken(link), sizes.length);
      }),
      { numRuns: 60 },
    );
  });

  test(`by ${name}, nothing is lost when the writer has to wait for room again and again`, async () => {
    await fc.assert(
      fc.asyncProperty(traffic, fc.integer({ min: 400_000, max: 500_000 }), async (each, queueBytes) => {
        const { sizes, cuts, reads } = each;
        const inbox = inboxWith({ queueBytes, messageLimit: queueBytes - 64 });
        const { writer } = connected(inbox);
        const { messages, read } = reader(inbox, reads);
        await feedAll(writer, open(writer), streamOf(sizes), cuts, () => {
          assert.ok(inbox.queue.used <= queueBytes);
          read();
        });
        while (inbox.queue.count > 0) {
          read();
          await new Promise((resolve) => process.nextTick(resolve));
        }
        assertMessages(messages, everyNumber(sizes), sizes);
        assert.equal(inbox.queue.used, 0);
      }),
      { numRuns: 60 },
    );
  });

  for (const whenFull of ['reject', 'drop-newest', 'drop-oldest'] as const) {
    test(`by ${name}, ${whenFull} loses the same messages however they are cut`, async () => {
      await fc.assert(
        fc.asyncProperty(traffic, fc.integer({ min: 310_000, max: 400_000 }), async (each, queueBytes) => {
          const { sizes, cuts } = each;
          const inbox = inboxWith({ queueBytes, messageLimit: queueBytes - 64, whenFull });
          const { writer, link } = connected(inbox);
          await feedAll(writer, open(writer), streamOf(sizes), cuts, () => {});
          const left = survivors(sizes, queueBytes, whenFull);
          const { messages, read } = reader(inbox, [sizes.length]);
          read();
          assertMessages(messages, left, sizes);
          const lost = sizes.length - left.length;
          const { rejected, droppedNewest, droppedOldest, received } = inbox.counters;
          assert.equal(
            { reject: rejected, 'drop-newest': droppedNewest, 'drop-oldest': droppedOldest }[whenFull],
            lost,
          );
          assert.equal(rejected + droppedNewest + droppedOldest, lost);
          assert.equal(received, sizes.length - rejected);
          assert.equal(lastTaken(link), sizes.length);
          const told = link.answers.flatMap((answer) => (answer.type === 'refused' ? numbersOf(answer) : []));
          const refused = everyNumber(sizes).filter((number) => !left.includes(number));
          assert.deepEqual(told, whenFull === 'reject' ? refused : []);
        }),
        { numRuns: 50 },
      );
    });
  }
}

test('connections that share what they are copied to never write over each other', () => {
  const small = fc.oneof({ weight: 6, arbitrary: fc.nat(60) }, { weight: 1, arbitrary: fc.nat(LARGE_BODY) });
  const reading = fc.record({
    connection: fc.nat(3),
    bytes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.nat(20_000)),
  });
  fc.assert(
    fc.property(fc.array(small, { minLength: 1, maxLength: 20 }), fc.array(reading), (sizes, readings) => {
      const inbox = inboxWith();
      const stream = streamOf(sizes);
      const ends = Array.from({ length: 4 }, () => ({
        socket: new SimulatedSocket(connected(inbox).writer),
        at: 0,
      }));
      const receive = (end: (typeof ends)[number], bytes: number): void => {
        if (end.at < stream.length) end.at += end.socket.receive(stream.subarray(end.at, end.at + bytes));
      };
      for (const { connection, bytes } of readings)
        receive(ends[connection] as (typeof ends)[number], 1 + bytes);
      for (const end of ends) while (end.at < stream.length) receive(end, SLAB);
      // A message of any of them says at each place which number it has, and each number comes once from each.
      const messages = Array.from({ length: inbox.queue.count }, () => inbox.deliver() as Message);
      const numbers = messages.map((message) =>
        sizes.findIndex((length, number) => isMessage(message, number, length)),
      );
      assert.ok(!numbers.includes(-1), 'a message was written over');
      assert.equal(messages.length, 4 * sizes.length);
    }),
    { numRuns: 150 },
  );
});

function isMessage(message: Message, number: number, length: number): boolean {
  return message.size === length && bodyOf(number, length).equals(message.data);
}

/** The rules for a full queue over one writer's messages, of which none is read: as plainly as it can be said. */
function survivors(
  sizes: readonly number[],
  capacity: number,
  rule: 'reject' | 'drop-newest' | 'drop-oldest',
): number[] {
  const kept: number[] = [];
  const used = (): number => kept.reduce((sum, number) => sum + (sizes[number] as number) + 64, 0);
  for (const [number, length] of sizes.entries()) {
    if (rule === 'drop-oldest') while (used() + length + 64 > capacity) kept.shift();
    if (used() + length + 64 <= capacity) kept.push(number);
  }
  return kept;
}

/** The number of messages that the server said last it had decided on. */
function lastTaken({ answers }: FakeLink): number | undefined {
  const taken = answers.filter((answer) => answer.type === 'taken');
  return taken.at(-1)?.count;
}

function numbersOf({ first, count }: { first: number; count: number }): number[] {
  return Array.from({ length: count }, (_, at) => first + at);
}
