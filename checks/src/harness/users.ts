import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scene } from './scene.js';

/** Users that no system has, so that they are nobody's; and one that every system has. */
export const ALICE = 65_111;
export const BOB = 65_112;
export const NOBODY = 65_534;

/** In front of a command: runs it as `uid`, in the group of that number, and in `groups`. */
export function as(uid: number, groups: readonly number[] = []): readonly string[] {
  const others = groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`;
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, others];
}

/** The folder of a copy of `programs/` that every user can read: a checkout in somebody's home is not. */
export function publicPrograms(at: Scene): string {
  const copy = at.folder();
  chmodSync(copy, 0o755);
  const library = dirname(fileURLToPath(import.meta.resolve('mailslot/package.json')));
  mkdirSync(`${copy}/node_modules/mailslot`, { recursive: true });
  for (const part of ['package.json', 'dist']) {
    cpSync(`${library}/${part}`, `${copy}/node_modules/mailslot/${part}`, { recursive: true });
  }
  writeFileSync(`${copy}/package.json`, '{ "type": "module" }');
  for (const part of ['faults', 'harness']) {
    cpSync(fileURLToPath(new URL(`../${part}`, import.meta.url)), `${copy}/${part}`, { recursive: true });
  }
  return `${copy}/faults/programs`;
}

/** A folder that belongs to root and in which everybody may make folders, as /tmp: a machine-wide root. */
export function sharedRoot(at: Scene): string {
  const root = at.folder();
  chmodSync(root, 0o1777);
  return root;
}
