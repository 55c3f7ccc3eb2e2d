import type { Stats } from 'node:fs';
import { MailslotError } from '../errors.js';
import { MAX_CONFIG_BYTES } from '../limits.js';
import { isOwn, userId } from '../msfs/namespace/user.js';
import { readSmallFile } from '../msfs/small-file.js';
import { systemCode } from '../msfs/system-error.js';

/** What is asked of a file before its contents are believed. */
export interface Demands {
  /** Names the file in errors, as `the configuration`. */
  readonly what: string;
  /** Bits that its mode must not have. */
  readonly forbidden: number;
  /** The mode that `chmod` should give it. */
  readonly mode: string;
}

/**
 * The text of a file that nobody but its owner, who is this user or root, could have written. `undefined`: there is none.
 *
 * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`
 */
export function readTrusted(path: string, demands: Demands): string | undefined {
  let text: string | undefined;
  try {
    text = readSmallFile(path, MAX_CONFIG_BYTES, (stats) => check(path, stats, demands));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    throw error instanceof MailslotError ? error : failed(demands.what, path, 'be read', error);
  }
  if (text !== undefined) return text;
  throw unusable(demands.what, path, `it has more than ${MAX_CONFIG_BYTES} bytes, which make no sense`);
}

function check(path: string, stats: Stats, { what, forbidden, mode }: Demands): void {
  if (!stats.isFile()) throw unusable(what, path, 'it is no file');
  if (stats.size > MAX_CONFIG_BYTES) {
    throw unusable(what, path, `it has ${stats.size} bytes, and at most ${MAX_CONFIG_BYTES} make sense`);
  }
  if (process.platform === 'win32') return;
  if (!isOwn(stats.uid) && stats.uid !== 0) {
    throw unusable(what, path, `it belongs to uid ${stats.uid}, not to you`, `do this as that user`);
  }
  if ((stats.mode & forbidden) !== 0) {
    const shown = (stats.mode & 0o7777).toString(8).padStart(4, '0');
    const remedy = `run "chmod ${mode} ${path}"${stats.uid === userId() ? '' : ' as root, whose it is'}`;
    throw unusable(what, path, `others may get at it (mode ${shown})`, `${remedy}`);
  }
}

/** Where nothing else is to be done, what the file says is to be corrected. */
export function unusable(
  what: string,
  path: string,
  reason: string,
  remedy: string = `correct ${path}`,
): MailslotError {
  const text = `${what} ${path} cannot be used: ${reason}`;
  return new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', text, { remedy });
}

/** For what the system refuses; `action` as `be read`. */
export function failed(what: string, path: string, action: string, cause: unknown): MailslotError {
  const code = systemCode(cause);
  if (code === 'ENOTDIR' || (code === 'EEXIST' && action === 'be written')) {
    return unusable(
      what,
      path,
      'a part of the path is a file, not a folder',
      'set MAILSLOT_CONFIG to another file',
    );
  }
  const isDenied = code === 'EACCES' || code === 'EPERM';
  const told = cause instanceof Error ? cause.message : String(cause);
  const reason = isDenied ? `uid ${userId()} may not` : told;
  return new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', `${what} ${path} cannot ${action}: ${reason}`, {
    cause,
    remedy: isDenied ? 'do this as its owner, or set MAILSLOT_CONFIG to a file of yours' : undefined,
  });
}
