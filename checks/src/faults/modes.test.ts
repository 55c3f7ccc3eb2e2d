import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { onlySocket } from '../harness/raw.js';

const EXPECTED = {
  owner: { folder: 0o700, socket: 0o600 },
  group: { folder: 0o750, socket: 0o660 },
  everyone: { folder: 0o755, socket: 0o666 },
} as const;

proof(
  'modes of files are the same under any umask',
  async ({ folder, agent }) => {
    const server = await agent();
    for (const mask of [0o000, 0o022, 0o077, 0o177]) {
      await server.ask('umask', mask);
      for (const access of ['owner', 'group', 'everyone'] as const) {
        // A root that is missing is made, too.
        const root = join(folder(), 'root');
        const slot = await server.ask('create', 'app/events', { root, access });
        const socket = onlySocket(root);
        assert.equal(modeOf(root), 0o700);
        assert.deepEqual({ folder: modeOf(join(socket, '..')), socket: modeOf(socket) }, EXPECTED[access]);
        await server.ask('close', slot);
        assert.deepEqual(readdirSync(root), []);
      }
    }
    return { umasks: ['000', '022', '077', '177'] };
  },
  onUnix,
);

function modeOf(path: string): number {
  return statSync(path).mode & 0o7777;
}
