import { folderFinder } from './folder-finder.js';
import type { SlotFinder } from './name-space.js';
import { pipeFinder, windowsPipes } from './pipe-finder.js';
import { chooseRoot } from './root.js';

/** Finds slots of this platform in the root that was asked for; see {@link chooseRoot} for the default. */
export function findSlots(root: string | undefined): SlotFinder {
  const chosen = chooseRoot(root);
  return process.platform === 'win32' ? pipeFinder(chosen, windowsPipes) : folderFinder(chosen);
}
