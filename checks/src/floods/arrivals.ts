import type { Socket } from 'node:net';
import { createMailslot, openMailslot } from 'mailslot';
import { HELLO, onlySocket, rawClient, u32 } from '../harness/raw.js';
import { makeScene } from '../harness/scene.js';
import { attackMs, type Flood } from './flood.js';

const QUEUE_BYTES = 2 ** 20;
const ANNOUNCERS = 200;
/** The largest that this queue takes: one of them alone would fill it. */
const ANNOUNCED = QUEUE_BYTES - 64;
const SHORT = 'x'.repeat(1_000);

/**
 * Announcements of the largest message whose bodies never come. Nothing of theirs counts in the queue, and every short
 * message that is written meanwhile is taken.
 */
export const announcements: Flood = {
  resource: 'large messages that arrive',
  attacker: `${ANNOUNCERS} local writers that announce the largest message and send no more`,
  async run() {
    const { scene, clear } = makeScene();
    const queue = { bytes: QUEUE_BYTES, whenFull: 'reject' } as const;
    const slot = await createMailslot('app', { root: scene.root, queue });
    const path = onlySocket(scene.root);
    const opened: Socket[] = [];
    scene.after(() => slot.close());
    scene.after(() => opened.forEach((socket) => void socket.destroy()));
    let peak = 0;
    let written = 0;
    try {
      const honest = await openMailslot('app', { root: scene.root });
      scene.after(() => honest.close());
      for (const end = performance.now() + attackMs; performance.now() < end; ) {
        await keepAnnouncing(path, opened);
        await honest.write(SHORT);
        const { queueUsed, messageCount } = await honest.info();
        peak = Math.max(peak, queueUsed - messageCount * (SHORT.length + 64));
        if (slot.tryRead()?.text() === SHORT) written += 1;
      }
      const lost = slot.statistics().rejected;
      const ok = peak === 0 && lost === 0 && written > 0;
      return {
        bound: 0,
        peak,
        unit: 'bytes of the queue',
        ok,
        note: `${written} honest messages, ${lost} refused`,
      };
    } finally {
      await clear();
    }
  },
};

/** Opens as many as are missing: those that were cut off come again. */
async function keepAnnouncing(path: string, opened: Socket[]): Promise<void> {
  const living = opened.filter((socket) => !socket.closed);
  opened.splice(0, opened.length, ...living);
  while (opened.length < ANNOUNCERS) {
    const socket = await rawClient(path);
    socket.allowHalfOpen = false;
    socket.resume().write(Buffer.concat([HELLO, u32(ANNOUNCED)]));
    opened.push(socket);
  }
}
