import assert from 'node:assert/strict';
import { megabytes, msSince } from '../harness/numbers.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import type { Drain, Drained } from './programs/drain.js';
import type { Flood, Flooded, Method } from './programs/flood.js';
import { sizes } from './sizes.js';

const METHODS: readonly Method[] = ['post', 'post', 'writeMany', 'write'];
const MESSAGE_BYTES = 100;
const CHARGE = MESSAGE_BYTES + 64;
const MEMORY_MAX = 250 * 2 ** 20;

for (const queueBytes of [64 * 2 ** 20, 256 * 1024]) {
  const queue = `${queueBytes / 1024} KB`;
  proof(
    `four writers, a slow reader, a queue of ${queue}: none lost, none twice, in order, in bounded memory`,
    async (at) => {
      const count = METHODS.length * sizes.perWriter;
      // So that the queue fills even where there are fewer messages than usual.
      const bound = Math.min(queueBytes, Math.floor(count / 2) * CHARGE);
      const start = performance.now();
      const { drained, flooded } = await flow(at, bound);
      const ms = msSince(start);
      assert.deepEqual(drained.read, Array(METHODS.length).fill(sizes.perWriter), 'none is lost');
      assert.equal(drained.twice, 0);
      assert.equal(drained.disordered, 0);
      const resident = [drained, ...flooded].map(({ memory }) => memory);
      for (const memory of resident) assert.ok(memory < MEMORY_MAX, `${megabytes(memory)} MB`);
      return {
        messages: count,
        mostWaiting: drained.mostWaiting,
        readerMB: megabytes(drained.memory),
        readerPeakMB: megabytes(drained.peak),
        writersMB: flooded.map(({ memory }) => megabytes(memory)),
        writersPeakMB: flooded.map(({ peak }) => megabytes(peak)),
        ms,
      };
    },
  );
}

async function flow(at: Scene, bytes: number): Promise<{ drained: Drained; flooded: Flooded[] }> {
  const reader = await at.start<Drain>('drain');
  await reader.ask('create', 'flow', at.root, { bytes, whenFull: 'block' });
  const writers = await Promise.all(METHODS.map(() => at.start<Flood>('flood')));
  const floods = writers.map((child, writer) =>
    child.ask('flood', {
      root: at.root,
      name: 'flow',
      writer,
      count: sizes.perWriter,
      bytes: MESSAGE_BYTES,
      way: METHODS[writer] as Method,
    }),
  );
  const count = METHODS.length * sizes.perWriter;
  const [drained, ...flooded] = await Promise.all([
    reader.ask('drain', METHODS.length, count, Math.floor(bytes / CHARGE)),
    ...floods,
  ]);
  return { drained, flooded };
}
