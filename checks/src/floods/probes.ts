import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { lanTransport } from '../../../packages/mailslot/dist/lan/lan.js';
import { encodeProbe } from '../../../packages/mailslot/dist/lan/probe-message.js';
import { KeyRing, keyOf } from '../../../packages/mailslot/dist/packet/key-ring.js';
import { CONTROL_KINDS, encodeControl } from '../../../packages/mailslot/dist/packet/message-writer.js';
import { PacketWriter } from '../../../packages/mailslot/dist/packet/packet-writer.js';
import { realPorts } from '../../../packages/mailslot/dist/ports/ports.js';
import type { Receiver } from '../../../packages/mailslot/dist/transport/transport.js';
import { attackMs, type Flood } from './flood.js';

const DOMAIN = 'OFFICE';
const PORT = 48_799;
const [VICTIM, ATTACKER] = ['1111111111111111', '2222222222222222'];
const PER_SECOND = 100;
/** What is asked for at once; then the network is given time to be read. */
const TOGETHER = 20;

/** How many answers a member gets out of another one by asking without end. */
export const probeAnswers: Flood = {
  resource: 'answers to probes of the LAN',
  attacker: 'a member that asks without end, with a new nonce each time',
  async run() {
    const key = keyOf(Buffer.alloc(32, 7));
    const ring = new KeyRing(DOMAIN, [key], key.id);
    const victim = lanTransport({ domain: DOMAIN, keys: ring, interfaces: ['lo'], port: PORT }, realPorts);
    const deaf: Receiver = { received: () => {}, dropped: () => {}, hasRoom: () => {} };
    await victim.start(deaf);
    victim.send({
      identity: { instance: VICTIM, counter: 1, stamp: Date.now() },
      from: 'VICTIM',
      to: { kind: 'domain', name: DOMAIN },
      sequence: 1,
      slot: 'a',
      scope: 'site',
      data: Buffer.alloc(0),
    });
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    let peak = 0;
    socket.on('message', () => {
      peak += 1;
    });
    try {
      const asked = await ask(socket, ring, victim.describe().ways[0]?.port ?? 0);
      const bound = PER_SECOND * (Math.ceil(attackMs / 1_000) + 1);
      return {
        bound,
        peak,
        unit: 'answers',
        ok: peak > 0 && peak <= bound && asked > 2 * bound,
        note: `to ${asked}`,
      };
    } finally {
      socket.close();
      await victim.close();
    }
  },
};

async function ask(socket: ReturnType<typeof createSocket>, ring: KeyRing, port: number): Promise<number> {
  const writer = new PacketWriter({
    domain: DOMAIN,
    ring,
    ports: realPorts,
    batchBytes: 1_000,
    bufferBytes: 1_000,
  });
  let asked = 0;
  for (const end = performance.now() + attackMs; performance.now() < end; ) {
    for (let left = TOGETHER; left > 0; left -= 1) {
      const nonce = Buffer.from(realPorts.random.bytes(8)).toString('hex');
      const data = encodeProbe({ nonce, isUnheard: false, addresses: [], asked: [VICTIM] }, 300);
      const pieces = writer.seal(ATTACKER, 'ATTACKER', encodeControl(CONTROL_KINDS.probe, Date.now(), data));
      socket.send([...(pieces ?? [])], port, '127.0.0.1');
      asked += 1;
    }
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
  return asked;
}
