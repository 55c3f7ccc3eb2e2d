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

/** Windows' named pipes. The list of them is a folder of its own kind. */
export const windowsPipes: PipeSystem = {
  prefix: '\\\\.\\pipe\\',
  names: () => readdirSync('\\\\.\\pipe\\'),
};

/** Finds slots that are pipes. */
export function pipeFinder(root: string, system: PipeSystem): SlotFinder {
  const family = familyOf(root);
  return {
    root,
    locate: (name) => pathOf(name, root, system),
    list: () => system.names().flatMap((name) => (name.startsWith(family) ? system.prefix + name : [])),
    ownerOf: () => -1,
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
