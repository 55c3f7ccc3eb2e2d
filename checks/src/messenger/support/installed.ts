import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scene } from '../../harness/scene.js';
import { inRepo } from '../../support/repo.js';

/** What the programs of this check are made of, but for the library. */
const PARTS = [
  'checks/dist/messenger',
  'checks/dist/harness',
  'checks/dist/support',
  'packages/cli/dist',
  'packages/web/dist',
];

/** The folder of a copy of `programs/` that every user can read: a checkout in somebody's home is not. */
export function publicPrograms(at: Scene): string {
  const copy = at.folder();
  chmodSync(copy, 0o755);
  const library = dirname(fileURLToPath(import.meta.resolve('mailslot/package.json')));
  const installed = join(copy, 'node_modules/mailslot');
  mkdirSync(installed, { recursive: true });
  for (const part of ['package.json', 'dist']) {
    cpSync(join(library, part), join(installed, part), { recursive: true });
  }
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
  for (const part of PARTS) cpSync(inRepo(part), join(copy, part), { recursive: true });
  return join(copy, 'checks/dist/messenger/programs');
}

/** A folder that belongs to that user alone. */
export function folderOf(at: Scene, uid: number): string {
  const folder = at.folder();
  chownSync(folder, uid, uid);
  return folder;
}
