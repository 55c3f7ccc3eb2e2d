import { readFileSync, statSync } from 'node:fs';

/** Bytes of a record so far. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

export function textOf(path: string): string {
  return sizeOf(path) === 0 ? '' : readFileSync(path, 'utf8');
}
