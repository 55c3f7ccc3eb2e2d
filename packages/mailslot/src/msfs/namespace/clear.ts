import { lstatSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';
import { fromSystem, systemCode } from '../system-error.js';
import { lookAtEntry } from './entry.js';
import { isOwn } from './user.js';

/** What is at a place, by one look that follows no link. What cannot be looked at is not ours. */
export type Standing = 'nothing' | 'ours' | 'foreign';

export function standingOf(folder: string): Standing {
  try {
    const stats = lookAtEntry(folder);
    if (stats === undefined) return 'nothing';
    return isOurs(stats) ? 'ours' : 'foreign';
  } catch {
    return 'foreign';
  }
}

/** Whether this is a folder of this user's own, which in a sticky root nobody else can replace. */
export function isOurs(stats: Stats): boolean {
  return stats.isDirectory() && isOwn(stats.uid);
}

/**
 * Removes a socket and then its folder, unless a successor has already taken that over, if the folder is ours; says
 * whose it is.
 *
 * Another user can turn a place of theirs into a link to anywhere at any moment. So nothing is removed but on one look,
 * here, with no wait behind it: whatever was seen before, when the socket was asked or even of the folder itself, may
 * have been something else.
 */
export function clearAway(path: string): Standing {
  const folder = folderOfSocket(path);
  const standing = standingOf(folder);
  if (standing !== 'ours') return standing;
  attempt(() => {
    if (lstatSync(path).isSocket()) unlinkSync(path);
  });
  attempt(() => rmdirSync(folder));
  return standing;
}

export function folderOfSocket(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    const code = systemCode(error);
    // Gone already, or taken over: both are as it should be.
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST')
      throw fromSystem(error, 'clear away a dead slot');
  }
}
