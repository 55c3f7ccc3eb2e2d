import { MailslotError, type MailslotErrorCode } from '../errors.js';

/** The `code` of a system error, as `ENOENT`; `undefined` for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const NO_DESCRIPTORS = 'no file descriptors are left: close some slots or clients, or raise `ulimit -n`';
const NO_SPACE =
  'the file system is full (space or inodes): free some, or set MAILSLOT_ROOT to a folder elsewhere';
const NO_ACCESS = "access was denied: the slot's owner decides who may write (see the option `access`)";

const KNOWN: Readonly<Record<string, readonly [MailslotErrorCode, string]>> = {
  EMFILE: ['ERR_MAILSLOT_NO_RESOURCES', NO_DESCRIPTORS],
  ENFILE: ['ERR_MAILSLOT_NO_RESOURCES', NO_DESCRIPTORS],
  ENOSPC: ['ERR_MAILSLOT_NO_RESOURCES', NO_SPACE],
  EDQUOT: ['ERR_MAILSLOT_NO_RESOURCES', NO_SPACE],
  ENOMEM: ['ERR_MAILSLOT_NO_RESOURCES', 'the system has no memory left'],
  ENOBUFS: ['ERR_MAILSLOT_NO_RESOURCES', 'the system has no memory for sockets left'],
  EACCES: ['ERR_MAILSLOT_ACCESS_DENIED', NO_ACCESS],
  EPERM: ['ERR_MAILSLOT_ACCESS_DENIED', NO_ACCESS],
  EROFS: [
    'ERR_MAILSLOT_UNUSABLE_ROOT',
    'the file system is read-only: set MAILSLOT_ROOT to a folder elsewhere',
  ],
};

/** Says what a system error means for whoever did `what`, as `create the mailslot app/events`. */
export function fromSystem(error: unknown, what: string): MailslotError {
  if (error instanceof MailslotError) return error;
  const known = KNOWN[systemCode(error) ?? ''];
  if (known) return new MailslotError(known[0], `cannot ${what}: ${known[1]}`, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new MailslotError('ERR_MAILSLOT_IO', `cannot ${what}: ${reason}`, { cause: error });
}
