import { readFileSync } from 'node:fs';
import { MailslotError } from '../../errors.js';
import { ACCOUNT_QUESTION_MS, MAX_ACCOUNT_QUESTIONS } from '../../limits.js';
import { memberInSlot, nameInSlot } from '../../name/people.js';
import { upperCase } from '../../name/upper-case.js';
import { usersOfRoot } from './root.js';
import { isUnmapped } from './user.js';

/** What an account may be called in a directory that only `id` can ask; `-` in front would be an option. */
const ASKABLE = /^[a-z_][a-z0-9_.@-]{0,63}$/;

/**
 * Whether this slot is for another account of the computer than the one that owns it: in a root that several users share a
 * person's name belongs to the account that is called so, and a member's slot to the user it names, whoever made it first.
 */
export async function isForAnother(root: string, path: string, owner: number | undefined): Promise<boolean> {
  if (usersOfRoot(root) === 'owner') return false;
  const rightful = await rightfulOwners(path);
  if (rightful === undefined) return false;
  // What is not there any more is nobody's.
  return owner === undefined || isUnmapped(owner) || !rightful.includes(owner);
}

/** `undefined`: whoever is first. */
async function rightfulOwners(path: string): Promise<readonly number[] | undefined> {
  const member = memberInSlot(path);
  if (member !== undefined) return [member.uid];
  const name = nameInSlot(path);
  const uids = name === undefined ? [] : await accountsCalled(upperCase(name.normalize('NFC')));
  return uids.length > 0 ? uids : undefined;
}

/** The uids of the accounts whose name, in upper case, is this one. None: it is nobody's. */
export async function accountsCalled(name: string): Promise<readonly number[]> {
  // What a messenger is called whose user has no name.
  const [, bare] = /^UID (\d{1,10})$/.exec(name) ?? [];
  if (bare !== undefined) return [Number(bare)];
  const listed = accountsInFile(name);
  const asked = name.toLowerCase();
  if (listed.length > 0 || !ASKABLE.test(asked) || !hasDirectory()) return listed;
  return askSystem(asked);
}

function accountsInFile(name: string): readonly number[] {
  return linesOf('/etc/passwd').flatMap((line) => {
    const [account = '', , uid = ''] = line.split(':');
    return /^\d+$/.test(uid) && upperCase(account.normalize('NFC')) === name ? [Number(uid)] : [];
  });
}

/** Whether there are accounts elsewhere than in the file: in LDAP, say; on macOS always. */
function hasDirectory(): boolean {
  if (process.platform === 'darwin') return true;
  const line = linesOf('/etc/nsswitch.conf').find((each) => /^\s*passwd\s*:/.test(each)) ?? '';
  const sources = line.replace(/#.*|\[[^\]]*\]|^\s*passwd\s*:/g, ' ').split(/\s+/);
  return sources.some((source) => !['', 'files', 'compat', 'systemd'].includes(source));
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    // A container may have none.
    return [];
  }
}

let asking = 0;

/** Rejects when there is no answer: then it is not known whose the name is. */
async function askSystem(account: string): Promise<readonly number[]> {
  // Loaded on demand: few computers have such a directory.
  const { execFile } = await import('node:child_process');
  if (asking >= MAX_ACCOUNT_QUESTIONS) throw unknown(account);
  asking += 1;
  return new Promise<readonly number[]>((resolve, reject) => {
    const options = { timeout: ACCOUNT_QUESTION_MS, env: { PATH: '/usr/bin:/bin' } };
    execFile('id', ['-u', '--', account], options, (error, stdout) => {
      if (error === null) resolve([Number(stdout)]);
      else if (error.code === 1) resolve([]);
      else reject(unknown(account, error));
    });
  }).finally(() => {
    asking -= 1;
  });
}

function unknown(account: string, cause?: unknown): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_NO_RESOURCES',
    `the system does not say whether there is an account ${account}, so nobody has that name for now`,
    { cause, remedy: `try again, and see what "id -u ${account}" says` },
  );
}
