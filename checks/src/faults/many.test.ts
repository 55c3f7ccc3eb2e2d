import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { megabytes, msSince } from '../harness/numbers.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Crowd } from './programs/crowd.js';
import { sizes } from './sizes.js';

proof(
  '5,000 slots of one process, 500 clients of one: closing gives back every descriptor',
  async ({ root, start }) => {
    const [servers, clients] = await Promise.all([start<Crowd>('crowd'), start<Crowd>('crowd')]);
    // What Node opens once and keeps is open after a first slot and a first client.
    await servers.ask('createMany', 'first', 1, root);
    await clients.ask('openMany', 'first0', 1, root);
    await Promise.all([clients.ask('closeAll'), servers.ask('closeAll')]);
    const before = { servers: await servers.ask('descriptors'), clients: await clients.ask('descriptors') };

    const begin = performance.now();
    await servers.ask('createMany', 'slot/', sizes.slots, root);
    const createMs = msSince(begin);
    assert.equal(readdirSync(root).length, sizes.slots);
    assert.equal(await servers.ask('descriptors'), before.servers + sizes.slots);
    await clients.ask('openMany', `slot/${sizes.slots - 1}`, sizes.clients, root);
    assert.equal(await clients.ask('descriptors'), before.clients + sizes.clients);
    await clients.ask('writeEach', 'from everyone');
    assert.equal(await servers.ask('descriptors'), before.servers + sizes.slots + sizes.clients);
    const memory = await servers.ask('memory');

    await clients.ask('closeAll');
    await servers.ask('closeAll');
    assert.deepEqual(
      { servers: await servers.ask('descriptors'), clients: await clients.ask('descriptors') },
      before,
    );
    assert.deepEqual(readdirSync(root), [], 'the root is empty');
    return {
      slots: sizes.slots,
      clients: sizes.clients,
      createMs,
      serversMB: megabytes(memory),
      descriptors: before,
    };
  },
  onLinux,
);
