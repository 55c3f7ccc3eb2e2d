import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from './system-error.js';

/**
 * Makes a folder, and those on the way to it. Not by `recursive` of Node, which tries for ever where the system makes no
 * folder and says that there is none, as in /proc.
 */
export function makeFolders(path: string, mode: number): void {
  const missing = [path];
  for (let at = dirname(path); !isThere(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const each of missing) makeUnlessThere(each, mode);
}

function makeUnlessThere(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Systems that see a read-only disk first say so even of a folder that is there.
    if (!isFolder(path)) throw error;
    if (!['EEXIST', 'EROFS', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
