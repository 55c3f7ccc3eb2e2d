import { openMailslot } from 'mailslot';
import { HELLO, u32 } from '../harness/raw.js';
import { attackMs, type Flood } from './flood.js';
import { pour } from './pour.js';
import { pushedQueue } from './pushed-queue.js';

const QUEUE_BYTES = 8 * 2 ** 20;
const WRITERS = 32;
const MESSAGES = Buffer.concat(Array(60).fill(Buffer.concat([u32(1_000), Buffer.alloc(1_000)])));

/** What a full queue with the rule `block` holds, while many writers push and nobody reads. */
export const queueMemory: Flood = {
  resource: 'queue of a slot',
  attacker: `${WRITERS} local writers that never pause`,
  async run() {
    const { scene, clear, slot, writers } = await pushedQueue(QUEUE_BYTES, WRITERS);
    let peak = 0;
    try {
      const observer = await openMailslot('app', { root: scene.root });
      scene.after(() => observer.close());
      for (const writer of writers) {
        writer.write(HELLO);
        pour(writer, MESSAGES);
      }
      for (const end = performance.now() + attackMs; performance.now() < end; ) {
        peak = Math.max(peak, (await observer.info()).queueUsed);
      }
      const ok = peak <= QUEUE_BYTES && slot.info().messageCount > 0;
      return { bound: QUEUE_BYTES, peak, unit: 'bytes charged', ok };
    } finally {
      await clear();
    }
  },
};
