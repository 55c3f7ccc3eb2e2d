import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CLAIM_ROUNDS } from '../limits.js';
import { standingOf } from '../msfs/namespace/clear.js';
import { moveAway } from '../msfs/namespace/draft.js';
import { ensureRoot, unusable } from '../msfs/namespace/root.js';
import { fromSystem, systemCode } from '../msfs/system-error.js';
import type { Random } from '../ports/random.js';

/**
 * Where the redirector of a root keeps what it must not forget while it is away: a folder of its own in the root, which
 * is as short-lived as what is in it. In a root that is shared somebody may have put something else there; it is moved
 * out of the way.
 */
export function stateFolder(root: string, random: Random): string {
  if (process.platform === 'win32') return windowsFolder();
  ensureRoot(root);
  const folder = join(root, '.redirector');
  for (let round = 0; round < CLAIM_ROUNDS; round += 1) {
    if (standingOf(folder) === 'ours' || isMade(folder)) return folder;
    moveAway(folder, root, random);
  }
  throw unusable(root, `somebody puts ${folder} there again and again`);
}

function windowsFolder(): string {
  const folder = join(tmpdir(), 'mailslot-redirector');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** False: something is there. */
function isMade(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (systemCode(error) === 'EACCES' || systemCode(error) === 'EPERM')
      throw unusable(dirname(folder), 'this user may not write in it', {
        cause: error,
        remedy: 'set MAILSLOT_ROOT to another folder',
      });
    throw fromSystem(error, `make ${folder}, where the redirector keeps what it must not forget`);
  }
}
