import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { lanTransport } from '../../../packages/mailslot/dist/lan/lan.js';
import { KeyRing, keyOf } from '../../../packages/mailslot/dist/packet/key-ring.js';
import { realPorts } from '../../../packages/mailslot/dist/ports/ports.js';
import type { Datagram } from '../../../packages/mailslot/dist/transport/datagram.js';
import type { Transport } from '../../../packages/mailslot/dist/transport/transport.js';
import { attackMs, type Flood } from './flood.js';

const DOMAIN = 'FLOOD';
const LOOPBACK = '127.0.0.1';
const GROUP = '239.255.77.83';
const PER_SECOND = 5_000;
/** The head of a packet up to its salt, and the least that it can seal. */
const SALT_AT = 16;
const SMALLEST = 67;
/** A second or two. */
const BOUND_MS = 2_000;
const ONE_EVERY_MS = 300;

/** How long a newcomer of a domain waits to be heard, while somebody without the key makes up sessions of its key. */
export const newcomers: Flood = {
  resource: 'time until a newcomer of a LAN is heard',
  attacker: `a stranger who copies the mark of the key, ${PER_SECOND} made-up sessions a second from the same address`,
  async run() {
    const key = keyOf(randomBytes(32));
    const port = await freePort();
    const heardAt = new Map<string, number>();
    const running: Transport[] = [];
    const join = async (computer: string): Promise<Transport> => {
      const keys = new KeyRing(DOMAIN, [key], key.id);
      const transport = lanTransport({ domain: DOMAIN, keys, port, interfaces: ['lo'] }, realPorts);
      running.push(transport);
      await transport.start({
        received: ({ from }) => void (running[0] === transport && heardAt.set(from, performance.now())),
        dropped: () => {},
        hasRoom: () => {},
      });
      transport.send(datagramOf(computer));
      return transport;
    };
    const stranger = await ears(port);
    try {
      await join('ALPHA');
      const [packet] = (await once(stranger, 'message')) as [Buffer];
      let isOver = false;
      const flooding = flood(stranger, packet, port, () => isOver);
      let peak = 0;
      let count = 0;
      // The first second is anybody's: the odds are those of the second before.
      await pause(1_000);
      for (const end = performance.now() + attackMs; performance.now() < end; count += 1) {
        const begun = performance.now();
        const newcomer = await join(`NEW-${count}`);
        while (!heardAt.has(`NEW-${count}`) && performance.now() - begun <= BOUND_MS) await pause(5);
        peak = Math.max(peak, (heardAt.get(`NEW-${count}`) ?? performance.now() + BOUND_MS) - begun);
        // Each would look at the flood itself.
        await newcomer.close();
        await pause(ONE_EVERY_MS);
      }
      isOver = true;
      const sent = await flooding;
      const ok = count > 0 && sent > 1_000;
      return {
        bound: BOUND_MS,
        peak: Math.ceil(peak),
        unit: 'ms',
        ok,
        note: `${count} newcomers, ${sent} packets`,
      };
    } finally {
      stranger.close();
      await Promise.all(running.map((transport) => transport.close()));
    }
  },
};

/** Packets of sessions that nobody has begun. */
async function flood(socket: Socket, genuine: Buffer, port: number, isOver: () => boolean): Promise<number> {
  const start = performance.now();
  let count = 0;
  while (!isOver()) {
    for (const due = ((performance.now() - start) * PER_SECOND) / 1_000; count < due; count += 1) {
      const packet = Buffer.concat([genuine.subarray(0, SALT_AT), randomBytes(SMALLEST - SALT_AT)]);
      packet.writeBigUInt64LE(1n, 32);
      socket.send(packet, port, GROUP);
    }
    await pause(1);
  }
  return count;
}

/** Hears what is sent to the group, and may send to it. */
async function ears(port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(port);
  await once(socket, 'listening');
  socket.addMembership(GROUP, LOOPBACK);
  socket.setMulticastInterface(LOOPBACK);
  socket.setMulticastTTL(0);
  return socket;
}

function datagramOf(from: string): Datagram {
  const instance = randomBytes(8).toString('hex');
  return {
    identity: { instance, counter: 1, stamp: Date.now() },
    from,
    to: { kind: 'domain', name: DOMAIN },
    sequence: 1,
    slot: 'a',
    scope: 'lan',
    data: Buffer.from('here'),
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, LOOPBACK);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
