import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A path of this checkout. */
export function inRepo(...parts: string[]): string {
  return join(root, ...parts);
}
