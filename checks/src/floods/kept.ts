import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { HELLO, SYNC, u32 } from '../harness/raw.js';
import { attackMs, type Flood } from './flood.js';
import { pushedQueue } from './pushed-queue.js';

const QUEUE_BYTES = 8 * 2 ** 20;
const WRITERS = 8;

/** The queue, a quarter more, what all connections read into, and what waits to be collected. */
const BOUND = 1.25 * QUEUE_BYTES + 8 * 2 ** 20;

/** So many messages, each of which could keep its 64 KB alive, make a flood; a machine that is busy may take so long. */
const FLOOD = 1_000;
const FLOOD_MS = 30_000;

/** The memory that is kept alive by messages that are charged next to nothing. */
export const keptMemory: Flood = {
  resource: 'memory of a queue',
  attacker: `${WRITERS} local writers of one empty message in 64 KB of requests`,
  async run() {
    const { clear, slot, writers } = await pushedQueue(QUEUE_BYTES, WRITERS);
    try {
      for (const writer of writers) pour(writer);
      const before = buffers();
      const began = performance.now();
      const isOver = (): boolean => {
        const ms = performance.now() - began;
        return ms > FLOOD_MS || (ms > attackMs && slot.info().messageCount > FLOOD);
      };
      let peak = 0;
      for (; !isOver(); await turn()) peak = Math.max(peak, buffers() - before);
      return { bound: BOUND, peak, unit: 'bytes of buffers', ok: slot.info().messageCount > FLOOD };
    } finally {
      await clear();
    }
  },
};

function buffers(): number {
  globalThis.gc?.();
  return process.memoryUsage().arrayBuffers;
}

/** Writes as fast as the socket takes it, and reads what the server says. */
function pour(writer: Socket): void {
  const block = Buffer.concat([Buffer.alloc(2 ** 16 - 4, SYNC), u32(0)]);
  const more = (): void => {
    while (writer.write(block));
  };
  writer.resume().write(HELLO);
  writer.on('drain', more);
  more();
}
