import { readdirSync } from 'node:fs';
import { MailslotError } from '../../errors.js';
import { formatName } from '../../name/slot-name.js';
import { fromSystem, systemCode } from '../system-error.js';
import { hashKey } from './hash.js';
import { listenAt } from './listen.js';
import type { NameSpace } from './name-space.js';

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

/**
 * The name space as named pipes: the system itself gives a name to one server only and takes it back when that
 * ends, so there are no folders, no leftovers and nothing to clear.
 *
 *     \\.\pipe\mailslot-<8 digits of the root's hash>-<32 digits of the slot's>
 *
 * By default Windows admits writers of the same user and administrators; `everyone` asks for more, and there is
 * no group to admit.
 */
export function pipeSpace(root: string, system: PipeSystem): NameSpace {
  const family = `mailslot-${hashKey(root).slice(0, 8)}-`;
  return {
    root,
    async claim(name, access, server) {
      if (access === 'group') {
        throw new MailslotError(
          'ERR_MAILSLOT_INVALID_ARGUMENT',
          "access 'group' is unknown to Windows; use 'everyone'",
        );
      }
      try {
        await listenAt(server, system.prefix + family + hashKey(name.key), access === 'everyone');
      } catch (error) {
        throw occupied(error, formatName(name));
      }
      return { check: () => true, release: () => {} };
    },
    locate: (name) => system.prefix + family + hashKey(name.key),
    list: () => system.names().flatMap((name) => (name.startsWith(family) ? system.prefix + name : [])),
    clear: () => {},
    ownerOf: () => -1,
    watch: () => () => {},
  };
}

function occupied(error: unknown, name: string): MailslotError {
  const code = systemCode(error);
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return fromSystem(error, `create the mailslot ${name}`);
  return new MailslotError(
    'ERR_MAILSLOT_ALREADY_EXISTS',
    `the mailslot ${name} already exists: a living process owns the name; choose another or end that process`,
    { cause: error },
  );
}
