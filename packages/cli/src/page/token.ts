import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readOwnFile, writeOwnFile } from '../input/own-file.js';

const TOKEN = /^[\w-]{43}$/;

/** 256 bits of chance, as a link can carry them. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The token that is kept in that folder of the user, so that a page that stays open, or a link that was kept, is good for
 * the next run too. Remove the file `page-token` to have a new one.
 */
export function keptToken(folder: string): string {
  const path = join(folder, 'page-token');
  const kept = read(path);
  if (kept !== undefined && TOKEN.test(kept)) return kept;
  const token = newToken();
  writeOwnFile(path, token);
  return token;
}

/** One that is another's, that others may have read, or that cannot be read is good no longer: a new one takes its place. */
function read(path: string): string | undefined {
  try {
    return readOwnFile(path, 0o077);
  } catch {
    return undefined;
  }
}
