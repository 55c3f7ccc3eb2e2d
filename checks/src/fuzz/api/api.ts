import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf } from '../dice.js';
import type { Target } from '../target.js';
import { reads } from './reads.js';
import { ApiScene } from './scene.js';
import { writes } from './writes.js';

/** Of one run. */
const OPERATIONS = 100;

const operations = [...reads, ...writes];

/** A hundred random calls of a slot and its clients, each held against a model: real sockets, in this process. */
export const api: Target = {
  name: 'api',
  share: 0.5,
  inputMs: 30_000,
  make: (dice) => bytesOf(dice, OPERATIONS),
  async check(input, dice) {
    // Not TMPDIR, which on macOS is too long for a socket's path.
    const root = mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'mailslot-fuzz-'));
    const scene = new ApiScene(root, dice);
    try {
      for (const byte of input) await operations[byte % operations.length]?.(scene);
      await scene.drain();
      if (scene.slot && scene.model.isExact) scene.model.emptied();
    } finally {
      await Promise.allSettled(
        scene.writers.map(({ client }) => client.close({ signal: AbortSignal.abort() })),
      );
      await scene.slot?.close();
      rmSync(root, { recursive: true, force: true });
    }
  },
};
