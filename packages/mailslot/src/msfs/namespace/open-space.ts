import type { Ports } from '../../ports/ports.js';
import { folderSpace } from './folder-space.js';
import type { NameSpace } from './name-space.js';
import { windowsPipes } from './pipe-finder.js';
import { pipeSpace } from './pipe-space.js';
import { chooseRoot } from './root.js';

/** The name space of this platform in the root that was asked for; see {@link chooseRoot} for the default. */
export function openSpace(root: string | undefined, ports: Ports): NameSpace {
  const chosen = chooseRoot(root);
  return process.platform === 'win32' ? pipeSpace(chosen, windowsPipes) : folderSpace(chosen, ports);
}
