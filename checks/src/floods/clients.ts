import type { Socket } from 'node:net';
import { createMailslot, openMailslot } from 'mailslot';
import { HELLO, onlySocket, rawClient, u32 } from '../harness/raw.js';
import { makeScene } from '../harness/scene.js';
import { type Flood, patient } from './flood.js';

/** As many as a slot takes; of more the one that has shown least is turned away. */
const MAX_CLIENTS = 2_048;
const TOGETHER = 50;

/** What may be begun and left so: nothing, half a hello, a hello, half a message. */
const openings = [
  Buffer.alloc(0),
  HELLO.subarray(0, 6),
  HELLO,
  Buffer.concat([HELLO, u32(16_000), Buffer.alloc(8_000)]),
];

/** Connections that are opened and left alone, beside a client that writes and others that come. */
export const idleClients: Flood = {
  resource: 'connections of a slot',
  attacker: 'a local process that opens more and more and does nothing with them',
  async run() {
    const { scene, clear } = makeScene();
    const slot = await createMailslot('app', { root: scene.root });
    const path = onlySocket(scene.root);
    const opened: Socket[] = [];
    let isServed = true;
    let peak = 0;
    scene.after(() => slot.close());
    scene.after(() => opened.forEach((socket) => void socket.destroy()));
    try {
      const honest = await openMailslot('app', { root: scene.root });
      scene.after(() => honest.close());
      const goesOn = patient(() => opened.length > MAX_CLIENTS);
      while (goesOn() && opened.length < 8_000) {
        opened.push(...(await openSome(path)));
        await honest.write('still here');
        const newcomer = await openMailslot('app', { root: scene.root });
        await newcomer.write('here, too');
        await newcomer.close();
        peak = Math.max(peak, opened.filter((socket) => !socket.closed).length);
        isServed = slot.tryRead()?.text() === 'still here' && slot.tryRead()?.text() === 'here, too';
        if (!isServed) break;
      }
      return { bound: MAX_CLIENTS, peak, unit: 'connections', ok: isServed, note: `of ${opened.length}` };
    } finally {
      await clear();
    }
  },
};

function openSome(path: string): Promise<Socket[]> {
  const each = async (_: unknown, number: number): Promise<Socket> => {
    const socket = await rawClient(path);
    socket.allowHalfOpen = false;
    socket.resume().write(openings[number % openings.length] as Buffer);
    return socket;
  };
  return Promise.all(Array.from({ length: TOGETHER }, each));
}
