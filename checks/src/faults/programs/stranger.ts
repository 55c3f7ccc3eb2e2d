// Somebody on a LAN who has no key: listens to a domain's group, sends again what was heard, and floods. Plain sockets.
import { randomBytes, randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from '../../harness/answer.js';

/**
 * What a flood is made of: `nothing`, which is a rest; `random` bytes; `forged` ones, which bear the mark of the domain
 * that was heard and a false seal, half of them of a session that was heard, half of one that nobody knows.
 */
export type Flood = 'nothing' | 'random' | 'forged';

export interface Order {
  readonly flood: Flood;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Stranger {
  /** Joins the group on the interface that has this address. From now on what comes is kept. */
  listen(address: string): Promise<void>;
  /** The sizes of the datagrams that were kept. */
  heard(): number[];
  /** Keeps no more. */
  deafen(): void;
  /** Sends all that was kept once more; returns how many. */
  repeat(): Promise<number>;
  /** Sends for that long, at that rate if this machine can; returns how many datagrams. */
  flood(order: Order): Promise<number>;
}

const PORT = 48_783;
const GROUP = '239.255.77.83';
/** Different datagrams of a flood; they come again and again. */
const DIFFERENT = 1_024;
const BYTES_MAX = 1_400;
/** Up to the packet counter, which is at 32; the seal and the least that it can seal take 27 bytes. */
const HEAD = 40;
const COUNTER_AT = 32;
const SALT_AT = 16;
const SEALED_MIN = 27;

const kept: Buffer[] = [];
let isKeeping = true;
let out: Socket | undefined;

answer<Stranger>({
  async listen(address) {
    const ear = createSocket({ type: 'udp4', reuseAddr: true });
    ear.bind(PORT);
    await once(ear, 'listening');
    ear.addMembership(GROUP, address);
    ear.on('message', (packet) => isKeeping && kept.push(packet));
    out = createSocket('udp4');
    out.bind(0, address);
    await once(out, 'listening');
    out.setMulticastInterface(address);
    out.setMulticastTTL(1);
    // A socket with an address of its own to send to takes a datagram at once.
    out.connect(PORT, GROUP);
    await once(out, 'connect');
  },

  heard: () => kept.map(({ length }) => length),

  deafen() {
    isKeeping = false;
  },

  async repeat() {
    const recorded = [...kept];
    for (const packet of recorded) await sent(packet);
    return recorded.length;
  },

  async flood({ flood, perSecond, seconds }) {
    const datagrams = Array.from({ length: DIFFERENT }, () => datagramOf(flood));
    const start = performance.now();
    let count = 0;
    for (let ms = 0; ms < seconds * 1_000; ms = performance.now() - start) {
      for (const due = (ms * perSecond) / 1_000; count < due; count += 1) {
        out?.send(datagrams[count % DIFFERENT] as Buffer);
        if (count % DIFFERENT === 0 && performance.now() - start > seconds * 1_000) break;
      }
      await pause(1);
    }
    return count;
  },
});

function sent(packet: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    out?.send(packet, (error) => (error ? reject(error) : resolve()));
  });
}

function datagramOf(flood: Flood): Buffer {
  if (flood !== 'forged') return randomBytes(randomInt(1, BYTES_MAX));
  const [genuine] = kept;
  if (genuine === undefined) throw new Error('no datagram of the domain was heard');
  const packet = randomBytes(randomInt(HEAD + SEALED_MIN, BYTES_MAX));
  genuine.copy(packet, 0, 0, randomInt(2) === 0 ? SALT_AT : COUNTER_AT);
  // Far ahead of what was seen, so that only the seal can tell.
  packet.writeBigUInt64LE(BigInt(randomInt(2 ** 40, 2 ** 41)), COUNTER_AT);
  return packet;
}
