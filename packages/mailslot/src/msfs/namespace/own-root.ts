import { readFileSync, type Stats, statSync } from 'node:fs';
import { standingOf } from './clear.js';
import { lookAtEntry } from './entry.js';
import { hashKey } from './hash.js';
import { isOwn, userId } from './user.js';

const OTHERS_WRITE = 0o022;

/**
 * The root of one user: `/tmp/mailslot-<uid>`, unless somebody else has put something there.
 *
 * Anybody can, before the user has a first slot. Then it is a folder in the user's home, which nobody else can make,
 * remove or choose: the home that the system has written down, not `HOME`, so that a login shell and cron agree. It
 * stays in use when the other is gone, or whoever removed it would part those who come from those who are there.
 */
export function ownRoot(): string {
  const usual = usualRoot();
  const isTaken = isSquatted(usual);
  if (isTaken === false) return usual;
  const substitute = substituteRoot();
  if (substitute === undefined) return usual;
  return isTaken || standingOf(substitute) === 'ours' ? substitute : usual;
}

/** In a folder that every system has, and that is one for all processes of a user. */
export function usualRoot(): string {
  return `/tmp/mailslot-${userId()}`;
}

/** Whether somebody else's is there; `undefined`: nothing is. */
function isSquatted(usual: string): boolean | undefined {
  let stats: Stats | undefined;
  try {
    stats = lookAtEntry(usual);
  } catch {
    // What cannot be looked at is a file system that somebody else has mounted there.
    return true;
  }
  return stats && !isOwn(stats.uid) && stats.uid !== 0;
}

/** `undefined` for a user whose home is not theirs alone, or who has none. */
function substituteRoot(): string | undefined {
  try {
    // Loaded only now: every command that starts comes here, and hardly one needs it.
    const { homedir } = process.getBuiltinModule('node:os').userInfo();
    const { uid, mode } = statSync(homedir);
    return isOwn(uid) && (mode & OTHERS_WRITE) === 0 ? `${homedir}/.mailslot${computerSuffix()}` : undefined;
  } catch {
    return undefined;
  }
}

/** Several computers may share a home, but no sockets: one would take the slots of another for dead. */
function computerSuffix(): string {
  try {
    return `-${hashKey(readFileSync('/etc/machine-id', 'latin1').trim()).slice(0, 8)}`;
  } catch {
    // Away from Linux homes are hardly shared.
    return '';
  }
}
