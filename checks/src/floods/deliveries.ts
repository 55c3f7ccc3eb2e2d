import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { openMailslot } from 'mailslot';
import { sendNote, startMessenger } from 'mailslot/messenger';
import { DELIVERIES_AT_ONCE } from '../../../packages/mailslot/dist/limits.js';
import { encodeGreeting } from '../../../packages/mailslot/dist/msfs/wire/greeting.js';
import { rawServer } from '../harness/raw.js';
import { makeScene } from '../harness/scene.js';
import { attackMs, type Flood } from './flood.js';

/** More than may be written to at once. */
const SILENT_SLOTS = 100;
const AT_ONCE = 200;

/** Those that are given up may not be closed yet while the next ones begin. */
const BOUND = 2 * DELIVERIES_AT_ONCE;

/** What a messenger that gives receipts writes to others, while they take nothing and ask for more. */
export const messengerDeliveries: Flood = {
  resource: 'connections of a messenger to others',
  attacker: `${SILENT_SLOTS} slots that never take a receipt, and messages that ask for one`,
  async run() {
    const { scene, clear } = makeScene();
    const { root } = scene;
    const names = { computer: 'ALPHA', user: 'ANNA', history: false } as const;
    const flood = { perSecond: 1e6, burst: 1e6 };
    const messenger = await startMessenger({ root, ...names, receipts: 'delivered', flood });
    scene.after(() => messenger.close());
    try {
      const connections = new Set<Socket>();
      for (let number = 0; number < SILENT_SLOTS; number += 1) {
        await rawServer(scene, `messngr/EVIL ${number}`, (socket) => greet(socket, number, connections));
      }
      const client = await openMailslot('messngr/ANNA', { root });
      scene.after(() => client.close());
      let peak = 0;
      for (const end = performance.now() + attackMs; performance.now() < end; ) {
        const ask = (_: unknown, number: number): Promise<void> =>
          client.write(asking(number % SILENT_SLOTS));
        await Promise.all(Array.from({ length: AT_ONCE }, ask));
        peak = Math.max(peak, connections.size);
      }
      // Those that do not answer are given up; then others have their receipts again.
      const honest = await until(() => isReceived(root));
      return { bound: BOUND, peak, unit: 'connections', ok: peak > 0 && peak <= BOUND && honest };
    } finally {
      await clear();
    }
  },
};

/** Greets as a slot does, and says nothing more. */
function greet(socket: Socket, number: number, connections: Set<Socket>): void {
  connections.add(socket);
  socket.on('close', () => connections.delete(socket));
  socket.resume();
  const name = `messngr/EVIL ${number}`;
  socket.write(encodeGreeting({ maxMessageSize: 0, messageLimit: 65_536, pid: process.pid, name }));
}

function asking(number: number): string {
  const [id, time] = [randomBytes(8).toString('hex'), Date.now()];
  const said = { v: 1, kind: 'message', id, from: 'EVIL', time, to: 'ANNA', text: 'x' };
  return JSON.stringify({ ...said, wants: 'delivered', reply: `messngr/EVIL ${number}` });
}

async function isReceived(root: string): Promise<boolean> {
  const options = { root, from: 'BOB', waitFor: 'delivered', timeout: 500 } as const;
  return sendNote('anna', 'honest', options).then(
    () => true,
    () => false,
  );
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 40; tries += 1) if (await holds()) return true;
  return false;
}
