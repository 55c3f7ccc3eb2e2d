import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureRoot, unusable, userId } from '../msfs/space/root.js';
import { systemCode } from '../msfs/system-error.js';
import type { Random } from '../ports/random.js';

/**
 * Where the redirector of a root keeps what it must not forget while it is away: a folder of its own in the root, which
 * is as short-lived as what is in it. In a root that is shared somebody may have put something else there; it is moved
 * out of the way.
 */
export function stateFolder(root: string, random: Random): string {
  if (process.platform === 'win32') return made(join(tmpdir(), 'mailslot-redirector'));
  ensureRoot(root);
  const folder = join(root, '.redirector');
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats !== undefined && !(stats.isDirectory() && stats.uid === userId())) {
    renameSync(folder, join(root, `.new-${Buffer.from(random.bytes(8)).toString('hex')}`));
  }
  return made(folder);
}

function made(folder: string): string {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw unusable(folder, 'it cannot be made', error);
  }
  return folder;
}
