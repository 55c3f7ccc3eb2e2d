import { MailslotError } from '../../errors.js';
import { formatName } from '../../name/slot-name.js';
import { fromSystem, systemCode } from '../system-error.js';
import { listenAt } from './listen.js';
import type { NameSpace } from './name-space.js';
import { type PipeSystem, pathOf, pipeFinder } from './pipe-finder.js';

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
  const claim: NameSpace['claim'] = async (name, access, server) => {
    if (access === 'group') {
      throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', "access 'group' is unknown to Windows", {
        remedy: "use 'everyone'",
      });
    }
    try {
      await listenAt(server, pathOf(name, root, system), access === 'everyone');
    } catch (error) {
      throw occupied(error, formatName(name));
    }
    return { check: () => true, release: () => {} };
  };
  // A pipe is its server's, and nothing else can be in its place.
  return { ...pipeFinder(root, system), claim, takeBack: claim, clear: async () => {} };
}

function occupied(error: unknown, name: string): MailslotError {
  const code = systemCode(error);
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return fromSystem(error, `create the mailslot ${name}`);
  return new MailslotError(
    'ERR_MAILSLOT_ALREADY_EXISTS',
    `the mailslot ${name} already exists: a living process owns the name`,
    { cause: error, remedy: 'choose another or end that process' },
  );
}
