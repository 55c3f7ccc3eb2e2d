import { fileURLToPath } from 'node:url';
import { makeScene } from '../harness/scene.js';
import { type Attack, hostileServer, infoOf } from '../nats/support/hostile.js';
import { type Flood, patient } from './flood.js';
import { pour } from './pour.js';
import type { NatsVictim } from './programs/nats-victim.js';

const MB = 2 ** 20;
/** Garbage that the engine takes its time to collect while bytes rush through; it is the same after a minute. */
const GROWTH = 128 * MB;
/** How it must end: with the server cut off, or with a connection that is of use to others. */
const CUT_OFF = /is none, or a broken one/;
const CONNECTED = /^connected$/;
const PIECE = Buffer.alloc(MB, 'x');

/** What a NATS server, or who stands in its place, makes a computer hold. */
export const natsFloods: readonly Flood[] = [
  natsFlood('a NATS server that sends a message of 2 GB', {
    greet: (socket) => void socket.write(infoOf({ max_payload: 2 ** 31 })),
    attack: (socket, sid) => {
      socket.write(`MSG x ${sid} 2147483647\r\n`);
      pour(socket, PIECE);
    },
  }),
  natsFlood(
    'a NATS server that sends messages of 64 MB',
    {
      attack: (socket, sid) => {
        const message = [`MSG x ${sid} ${64 * MB}\r\n`, ...Array<Buffer>(64).fill(PIECE), '\r\n'];
        pour(socket, Buffer.concat(message.map((part) => Buffer.from(part))));
      },
    },
    CONNECTED,
  ),
  natsFlood('a NATS server whose introduction never ends', {
    greet: (socket) => {
      socket.write('INFO {"x":"');
      pour(socket, PIECE);
    },
  }),
  natsFlood('a NATS server with a line that never ends', {
    attack: (socket) => {
      socket.write("-ERR '");
      pour(socket, PIECE);
    },
  }),
  natsFlood('a NATS server that introduces itself without end, with 50,000 others each time', {
    attack: (socket) => {
      const others = Array.from({ length: 50_000 }, (_, index) => `10.${index >> 8}.${index & 255}.1:4222`);
      pour(socket, infoOf({ connect_urls: others }));
    },
  }),
  natsFlood('a NATS server that introduces itself without end', {
    attack: (socket) => pour(socket, infoOf({ connect_urls: ['10.0.0.1:4222'] }).repeat(100)),
  }),
  natsFlood('a NATS server that asks without end and reads no answer', {
    isDeaf: true,
    attack: (socket) => pour(socket, 'PING\r\n'.repeat(10_000)),
  }),
  natsFlood(
    'a NATS server that sends headers without end',
    {
      attack: (socket, sid) => {
        const headers = `NATS/1.0\r\n${'a: b\r\n'.repeat(10_000)}\r\n`;
        pour(socket, `HMSG x ${sid} ${headers.length} ${headers.length}\r\n${headers}\r\n`);
      },
    },
    CONNECTED,
  ),
  natsFlood(
    'a NATS server that complains without end',
    {
      attack: (socket) => pour(socket, '-ERR \'Permissions Violation for Publish to "x"\'\r\n'.repeat(1_000)),
    },
    CONNECTED,
  ),
];

function natsFlood(attacker: string, attack: Attack, end: RegExp = CUT_OFF): Flood {
  return {
    resource: 'memory of a computer on NATS',
    attacker,
    async run() {
      const { scene, clear } = makeScene();
      try {
        const folder = fileURLToPath(new URL('programs', import.meta.url));
        const victim = await scene.start<NatsVictim>('nats-victim', { folder });
        const before = await victim.ask('peak');
        const url = await hostileServer(scene, attack);
        const met = await victim.ask('start', url);
        let note = met;
        const isDue = patient(() => end.test(note));
        // It answers while it is attacked.
        while (isDue()) note = (await victim.ask('problem')) ?? met;
        const peak = (await victim.ask('peak')) - before;
        return { bound: GROWTH, peak, unit: 'bytes more than before', ok: end.test(note), note };
      } finally {
        await clear();
      }
    },
  };
}
