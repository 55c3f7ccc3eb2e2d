import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnFile } from '../read-at-most.js';

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
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = read(path);
  if (kept !== undefined && TOKEN.test(kept)) return kept;
  const token = newToken();
  writeFileSync(path, token, { mode: 0o600 });
  return token;
}

function read(path: string): string | undefined {
  try {
    return readOwnFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
