import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runNpm } from '../../support/program.js';
import { inRepo } from '../../support/repo.js';

/** A package that only the bench needs: no part of the workspace, and pinned by a lock file of its own. */
export type Library = 'ioredis' | 'node-ipc' | 'zeromq';

/** Where they are installed. */
export const LIBRARIES: string = inRepo('checks/bench-peers');

const INSTALL_MS = 5 * 60_000;

interface Manifest {
  readonly version: string;
  readonly engines?: { readonly node?: string };
}

/** Loads one that `fetchLibrary` has brought; `T` is the part of it that is used. */
export async function loadLibrary<T>(name: Library): Promise<T> {
  const loader = (await import(pathToFileURL(join(LIBRARIES, 'load.mjs')).href)) as {
    load(name: string): Promise<T>;
  };
  return loader.load(name);
}

/**
 * Sees to it that a library is installed in `folder`, in the version of the lock file and without its install script.
 * Returns why it cannot be used, or undefined when it can.
 */
export function fetchLibrary(name: Library, folder: string = LIBRARIES): string | undefined {
  const { version, engines } = lockedIn(folder, name);
  const wanted = engines?.node ?? '>=0';
  if (!admits(wanted, process.versions.node))
    return `${name} ${version} is made for Node ${wanted}; this is ${process.versions.node}`;
  const isThere = (): boolean => installedIn(folder, name)?.version === version;
  if (isThere()) return undefined;
  console.error(`fetching the libraries that are measured beside us: ${name} is missing …`);
  const install = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
  const { code, stdout, stderr } = runNpm(install, { timeLimitMs: INSTALL_MS });
  if (isThere()) return undefined;
  return `${name} ${version} cannot be fetched (npm ended with ${code}): ${`${stderr}${stdout}`.trim()}`;
}

/** Whether a range like `>=22.13.0`, the only form that the libraries have, admits a version. */
export function admits(range: string, version: string): boolean {
  const [, least] = /^>= ?([\d.]+)$/.exec(range) ?? [];
  if (least === undefined) throw new Error(`which Node ${range} means is not known`);
  return least.localeCompare(version, 'en', { numeric: true }) <= 0;
}

function lockedIn(folder: string, name: Library): Manifest {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Manifest>;
  };
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`${folder} has no ${name} in its lock file`);
  return locked;
}

function installedIn(folder: string, name: Library): Manifest | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest) : undefined;
}
