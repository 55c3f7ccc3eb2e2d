import { readdirSync } from 'node:fs';
import type { SlotName } from '../../name/slot-name.js';
import { hashKey } from './hash.js';
import type { SlotFinder } from './name-space.js';

/** How a system names pipes that vanish with their owner. */
export interface PipeSystem {
  /** What every pipe's path begins with. */
  readonly prefix: string;
  /** The names of all pipes there are, without the prefix. */
  names(): string[];
}

const PIPES = '\\\\.\\pipe\\';

/** Windows' named pipes. The list of them is a folder of its own kind. */
export const windowsPipes: PipeSystem = pipesOfWindows((path) => readdirSync(path, 'utf8'));

/**
 * @param list reads a folder
 */
export function pipesOfWindows(list: (path: Buffer) => string[]): PipeSystem {
  // Bytes, since Node 20.20.1 and .2 rewrite this path into one that is not there when it is text.
  return { prefix: PIPES, names: () => list(Buffer.from(PIPES)) };
}

/** Finds slots that are pipes. */
export function pipeFinder(root: string, system: PipeSystem): SlotFinder {
  const family = familyOf(root);
  return {
    root,
    locate: (name) => pathOf(name, root, system),
    list() {
      const ours = system.names().filter((name) => name.startsWith(family));
      return ours.map((name) => ({ owner: undefined, find: () => system.prefix + name }));
    },
    // Pipes vanish with their server, and Node does not tell whose they are.
    lookAt: (path) => ({ owner: undefined, identity: path }),
    lookFor: (name) => ({ owner: undefined, identity: pathOf(name, root, system) }),
    isPlaceOf: (name, path) => pathOf(name, root, system) === path,
    // A pipe has no time that its owner could set.
    mark() {},
    markOf: () => undefined,
    watch: () => () => {},
  };
}

function familyOf(root: string): string {
  return `mailslot-${hashKey(root).slice(0, 8)}-`;
}

/** The path of a slot's pipe. */
export function pathOf(name: SlotName, root: string, system: PipeSystem): string {
  return system.prefix + familyOf(root) + hashKey(name.key);
}
