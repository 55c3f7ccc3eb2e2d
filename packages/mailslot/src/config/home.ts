import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';
import { MailslotError } from '../errors.js';
import { userId } from '../msfs/namespace/user.js';

/**
 * This user's home: HOME, or what the system knows of the account. A HOME that begins in whatever folder a program happens to
 * be in is none.
 *
 * @param remedy what to set where there is none
 * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`
 */
export function homeFolder(env: Readonly<Record<string, string | undefined>>, remedy: string): string {
  const home = [() => env['HOME'], () => userInfo().homedir, homedir]
    .map(orNothing)
    .find((each) => each !== undefined && isAbsolute(each));
  if (home !== undefined) return home;
  throw new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', `nobody knows the home folder of uid ${userId()}`, {
    remedy: `set ${remedy}`,
  });
}

function orNothing(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    // A container may run as a user that nobody knows.
    return undefined;
  }
}
