import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { Child, RemoteError } from '../harness/child.js';
import { mayMount, onLinux, onUnix, ownMounts } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import type { Agent } from './programs/agent.js';

const NO_RESOURCES = 'ERR_MAILSLOT_NO_RESOURCES';
const NO_DESCRIPTORS = /no file descriptors are left; close some slots or clients, or raise `ulimit -n`$/;
const NO_SPACE =
  /the file system is full \(space or inodes\); free some, or set MAILSLOT_ROOT to a folder elsewhere$/;
const READ_ONLY = /the file system is read-only; set MAILSLOT_ROOT to a folder elsewhere$/;

/** A process that may have 64 descriptors: Node needs some for itself, and more while it reads modules. */
function poorAgent(at: Scene): Promise<Child<Agent>> {
  return at.agent({ through: ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'] });
}

proof(
  'no descriptors left for slots: a clear error, nothing half-made, and it works again when one is closed',
  async (at) => {
    const server = await poorAgent(at);
    const slots: number[] = [];
    const error = await untilRefused(async (number) => {
      slots.push(await server.ask('create', `slot/${number}`, { root: at.root }));
    });
    assert.equal(error.code, NO_RESOURCES);
    assert.match(error.message, NO_DESCRIPTORS);
    assert.ok(error.message.includes(at.root), error.message);
    assert.equal(readdirSync(at.root).length, slots.length, 'nothing half-made is left');
    await server.ask('close', slots[0] as number);
    await server.ask('create', 'one more', { root: at.root });
    return { descriptors: 64, slots: slots.length };
  },
  onUnix,
);

proof(
  'no descriptors left for clients: a clear error, and it works again when one is closed',
  async (at) => {
    const server = await at.agent();
    await server.ask('create', 'app', { root: at.root });
    const poor = await poorAgent(at);
    const clients: number[] = [];
    const error = await untilRefused(async () => {
      clients.push(await poor.ask('open', 'app', { root: at.root }));
    });
    assert.equal(error.code, NO_RESOURCES);
    assert.match(error.message, NO_DESCRIPTORS);
    assert.match(error.message, /mailslot app/);
    await poor.ask('write', clients[1] as number, 'the others go on');
    await poor.ask('close', clients[0] as number);
    await poor.ask('open', 'app', { root: at.root });
    return { descriptors: 64, clients: clients.length };
  },
  onUnix,
);

proof(
  'a server without descriptors: whoever comes is served, for whoever did nothing longest, who is told why',
  async (at) => {
    const server = await poorAgent(at);
    const slot = await server.ask('create', 'app', { root: at.root });
    const client = await at.agent();
    const active = await client.ask('open', 'app', { root: at.root });
    await client.ask('write', active, 'first');
    const idle: number[] = [];
    for (let count = 0; count < 150; count += 1)
      idle.push(await client.ask('open', 'app', { root: at.root }));
    await client.ask('write', active, 'unharmed');
    await client.ask('write', idle.at(-1) as number, 'newcomer');
    assert.deepEqual(await server.ask('readAll', slot), ['first', 'unharmed', 'newcomer']);
    await assert.rejects(client.ask('write', idle[0] as number, 'too late'), (error: RemoteError) => {
      assert.equal(error.code, NO_RESOURCES);
      return /no file descriptors left for more clients/.test(error.message);
    });
    return { descriptors: 64, came: idle.length + 1 };
  },
  onLinux,
);

proof(
  'a full disk: a clear error wherever it shows, nothing half-made, and it works again when there is room',
  async (at) => {
    // One inode is the root itself, each slot takes two.
    for (const inodes of [1, 2]) {
      const server = await mountedAgent(at, `nr_inodes=${inodes}`);
      await assert.rejects(server.ask('create', 'app', { root: at.root }), full(at));
      assert.deepEqual(await server.ask('files', at.root), []);
    }
    const server = await mountedAgent(at, 'nr_inodes=3');
    const slot = await server.ask('create', 'first', { root: at.root });
    await assert.rejects(server.ask('create', 'second', { root: at.root }), full(at));
    assert.equal((await server.ask('files', at.root)).length, 2);
    // Messages need no disk.
    await server.ask('send', 'first', 'goes on', { root: at.root });
    await server.ask('close', slot);
    await server.ask('create', 'second', { root: at.root });
    return { inodes: [1, 2, 3] };
  },
  mayMount,
);

proof(
  'a read-only file system: a clear error, for a root that is there and one that is not',
  async (at) => {
    const server = await mountedAgent(at, 'ro');
    for (const root of [at.root, `${at.root}/missing`]) {
      await assert.rejects(server.ask('create', 'app', { root }), (error: RemoteError) => {
        assert.equal(error.code, 'ERR_MAILSLOT_UNUSABLE_ROOT');
        assert.match(error.message, READ_ONLY);
        return error.message.includes(root);
      });
      await assert.rejects(server.ask('open', 'app', { root }), { code: 'ERR_MAILSLOT_NOT_FOUND' });
    }
    return {};
  },
  mayMount,
);

/** A process for which the root is a file system in memory, mounted with `options`. */
function mountedAgent(at: Scene, options: string): Promise<Child<Agent>> {
  const script = 'mount -t tmpfs -o "$0" none "$1" && shift && exec "$@"';
  return at.agent({ through: [...ownMounts, 'sh', '-c', script, options, at.root] });
}

function full(at: Scene): (error: RemoteError) => boolean {
  return (error) => {
    assert.equal(error.code, NO_RESOURCES);
    assert.match(error.message, NO_SPACE);
    return error.message.includes(at.root);
  };
}

async function untilRefused(attempt: (number: number) => Promise<void>): Promise<RemoteError> {
  for (let number = 0; number < 1000; number += 1) {
    try {
      await attempt(number);
    } catch (error) {
      return error as RemoteError;
    }
  }
  throw new Error('it was never refused');
}
