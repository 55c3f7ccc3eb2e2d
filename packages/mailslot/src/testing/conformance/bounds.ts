import assert from 'node:assert/strict';
import { MailslotError } from '../../errors.js';
import { SeededRandom } from '../seeded-random.js';
import { type Bench, OFFICE } from './bench.js';
import type { ConformanceCase } from './case.js';
import { keyOf, type Station } from './station.js';

/** Around the sizes where headers, packets and buffers of real networks end. */
const SIZES = [0, 1, 2, 255, 256, 1_399, 1_400, 1_472, 1_473, 8_191, 8_192, 8_193, 16_384, 32_767, 32_768];

/** A buffer that takes more than this within one turn is not bounded. */
const UNBOUNDED = 64 * 1024 * 1024;

/** What is too much is refused, and nothing else. */
export const boundsCases: readonly ConformanceCase[] = [
  {
    title: 'it says what it can do, before and after its start',
    run: async (bench) => {
      const alpha = bench.idle('ALPHA');
      const before = { ...alpha.transport.capabilities };
      assert.ok(alpha.transport.name.length > 0);
      assert.ok(
        Number.isSafeInteger(before.maxMessageSize) && before.maxMessageSize > 0,
        'maxMessageSize is a length',
      );
      await alpha.start();
      assert.deepEqual({ ...alpha.transport.capabilities }, before);
    },
  },
  {
    title: 'messages of every size arrive, from nothing to the largest',
    run: async (bench) => {
      const [alpha, bravo] = await twoOf(bench);
      const { maxMessageSize } = alpha.transport.capabilities;
      const random = new SeededRandom(5);
      const sizes = [...SIZES.filter((size) => size < maxMessageSize), maxMessageSize - 1, maxMessageSize];
      for (const size of sizes)
        await bench.deliver(alpha, alpha.datagram(OFFICE, random.bytes(size)), [bravo]);
    },
  },
  {
    title: 'one byte more than the largest is refused with the limit, and nothing of it is sent',
    run: async (bench) => {
      const [alpha, bravo] = await twoOf(bench);
      const limit = alpha.transport.capabilities.maxMessageSize;
      const tooLarge = alpha.datagram(OFFICE, new Uint8Array(limit + 1));
      assert.throws(
        () => alpha.send(tooLarge),
        (error) =>
          error instanceof MailslotError &&
          error.code === 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' &&
          error.size === limit + 1 &&
          error.limit === limit,
      );
      await bench.deliver(alpha, alpha.datagram(OFFICE, Buffer.from('next')), [bravo]);
      await bench.settle();
      assert.equal(bravo.hasHeard(tooLarge), false, 'what was refused was sent');
    },
  },
  {
    title: 'a full buffer does not take what it refuses, and says when there is room',
    run: async (bench) => {
      const [alpha, bravo] = await twoOf(bench);
      const refused = fill(alpha);
      assert.equal(alpha.rooms, 0, 'hasRoom was called before the buffer was full');
      await bench.waitForRoom(alpha);
      await bench.deliver(alpha, alpha.datagram(OFFICE, Buffer.from('after')), [bravo]);
      assert.equal(bravo.hasHeard(refused), false, `${keyOf(refused)} was refused, and sent all the same`);
    },
  },
];

/** Sends in one turn until it is refused; what was refused. */
function fill(station: Station): ReturnType<Station['datagram']> {
  const data = new Uint8Array(Math.min(station.transport.capabilities.maxMessageSize, 8_000));
  for (let taken = 0; taken < UNBOUNDED; taken += data.length) {
    const datagram = station.datagram(OFFICE, data);
    if (!station.send(datagram)) return datagram;
  }
  return assert.fail(`${UNBOUNDED} bytes were taken in one turn: nothing bounds the buffer`);
}

function twoOf(bench: Bench): Promise<[Station, Station]> {
  return Promise.all([bench.station('ALPHA'), bench.station('BRAVO')]);
}
