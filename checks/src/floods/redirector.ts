import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { callRedirector } from 'mailslot';
import type { Computer } from '../faults/programs/computer.js';
import { REDIRECTOR_FOLDER } from '../harness/raw.js';
import { makeScene } from '../harness/scene.js';
import { attackMs, type Flood, type Flooded } from './flood.js';

/** Those that have said nothing, and what is being cut off at one moment. */
const MAX_CONNECTIONS = 1_024 + 512;
/** 8 MiB of lines, what a buffer that grows has twice, and what the collector of garbage has not met yet. */
const MAX_GROWTH = 192 * 2 ** 20;
/** The longest first line is 128 KiB. */
const UNFINISHED = Buffer.from(`{"do":"open","name":"${'x'.repeat(127 * 1024)}`);
const AT_ONCE = 64;

/** What the redirector keeps of first lines that nobody finishes. */
const firstLines: Flood = {
  resource: 'memory of the redirector',
  attacker: 'a local user whose first lines have no end',
  run: () =>
    attack(UNFINISHED, async ({ memory, first }) => ({
      bound: MAX_GROWTH,
      peak: memory - first,
      unit: 'bytes',
    })),
};

/** How many the redirector has connected when somebody opens connection after connection and says nothing. */
const silentConnections: Flood = {
  resource: 'connections of the redirector',
  attacker: 'a local user who connects and says nothing',
  run: () =>
    attack(Buffer.alloc(0), async ({ open }) => ({
      bound: MAX_CONNECTIONS,
      peak: open,
      unit: 'connections',
    })),
};

export const redirectorFloods: readonly Flood[] = [firstLines, silentConnections];

interface Seen {
  /** Bytes of the redirector's process: at first, and the most that was seen. */
  readonly first: number;
  readonly memory: number;
  /** The most connections that the redirector had at once. */
  readonly open: number;
}

/** Opens connections and says that on each, while somebody else asks a question again and again, and must be answered. */
async function attack(
  words: Buffer,
  judge: (seen: Seen) => Promise<Pick<Flooded, 'bound' | 'peak' | 'unit'>>,
): Promise<Flooded> {
  const { scene, clear } = makeScene();
  const attackers = new Set<Socket>();
  try {
    const env = { ...process.env, MAILSLOT_ROOT: scene.root, MAILSLOT_CONFIG: `${scene.root}/none.json` };
    const redirector = await scene.start<Computer>('computer', { env });
    await redirector.ask('serve');
    const place = `${scene.root}/${REDIRECTOR_FOLDER}`;
    const path = `${place}/${readdirSync(place)[0]}`;
    const first = await redirector.ask('memory');
    const seen = { first, memory: first, open: 0 };
    let answered = 0;
    for (const end = performance.now() + attackMs; performance.now() < end; answered += 1) {
      await Promise.all(Array.from({ length: AT_ONCE }, () => intrude(path, words, attackers)));
      seen.open = Math.max(seen.open, attackers.size);
      seen.memory = Math.max(seen.memory, await redirector.ask('memory'));
      const { value: status } = await callRedirector({ do: 'status' }, { root: scene.root }).next();
      if (status?.['pid'] !== redirector.pid) throw new Error('the redirector gave no answer');
    }
    return { ...(await judge(seen)), ok: answered > 0, note: `${answered * AT_ONCE} connections` };
  } finally {
    for (const socket of attackers) socket.destroy();
    await clear();
  }
}

async function intrude(path: string, words: Buffer, attackers: Set<Socket>): Promise<void> {
  const socket = connect(path);
  attackers.add(socket);
  socket.on('close', () => attackers.delete(socket));
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  if (words.length > 0) socket.write(words);
}
