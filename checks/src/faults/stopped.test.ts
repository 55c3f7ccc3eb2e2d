import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Child } from '../harness/child.js';
import { msSince } from '../harness/numbers.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { onlySocket } from '../harness/raw.js';
import type { Scene } from '../harness/scene.js';
import type { Agent } from './programs/agent.js';

const TIMEOUT = 'ERR_MAILSLOT_TIMEOUT';

proof(
  'a server that is stopped: opening times out with the reason, and works when it goes on',
  async (at) => {
    const [stopped, full, client] = await Promise.all([
      stopServer(at, 1),
      stopServer(at, Infinity),
      at.agent(),
    ]);
    const begin = performance.now();
    await Promise.all([
      assert.rejects(client.ask('open', 'slot', { root: stopped.root }), {
        code: TIMEOUT,
        message: /slot exists but it did not greet within 10 s: its process may be stopped/,
      }),
      assert.rejects(client.ask('open', 'slot', { root: full.root }), {
        code: TIMEOUT,
        message: /slot exists but its backlog stayed full within 10 s: its process may be stopped/,
      }),
    ]);
    const timeoutMs = msSince(begin);
    const opened = client.ask('open', 'slot', { root: stopped.root });
    await client.ask('time');
    stopped.server.signal('SIGCONT');
    await client.ask('write', await opened, 'again');
    assert.equal(await stopped.server.ask('read', stopped.slot), 'again');
    return { timeoutMs };
  },
  onLinux,
);

proof(
  'a full backlog means alive: opening waits for its turn, creating is refused',
  async (at) => {
    const { root, server, slot, backlog } = await stopServer(at, Infinity);
    const client = await at.agent();
    const opened = client.ask('open', 'slot', { root });
    await assert.rejects(client.ask('create', 'slot', { root }), { code: 'ERR_MAILSLOT_ALREADY_EXISTS' });
    server.signal('SIGCONT');
    await client.ask('write', await opened, 'after all');
    assert.equal(await server.ask('read', slot), 'after all');
    return { backlog };
  },
  onLinux,
);

interface Stopped {
  readonly root: string;
  readonly server: Child<Agent>;
  readonly slot: number;
  /** Connections that wait for it. */
  readonly backlog: number;
}

/** A slot whose process was stopped, with as many connections as wait for it, as far as the system lets them. */
async function stopServer(at: Scene, connections: number): Promise<Stopped> {
  const root = at.folder();
  const server = await at.agent();
  const slot = await server.ask('create', 'slot', { root });
  server.signal('SIGSTOP');
  const path = onlySocket(root);
  let backlog = 0;
  while (backlog < connections && (await connects(path, at))) backlog += 1;
  return { root, server, slot, backlog };
}

async function connects(path: string, at: Scene): Promise<boolean> {
  const socket = connect(path);
  const code = await new Promise<string | undefined>((resolve) => {
    socket.on('connect', () => resolve(undefined));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  at.after(() => socket.destroy());
  if (code !== 'EAGAIN') assert.equal(code, undefined);
  return code === undefined;
}
