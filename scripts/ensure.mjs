import { readFileSync } from 'node:fs';
import { isBuilt } from './built.mjs';
import { quietly, refuseUnlessWritable, rootPath } from './run.mjs';

/** Installs the dependencies if they are not those of the lock file, and builds what has changed; ends with 1 if it cannot. */
export async function ensure() {
  const [hasPackages, hasBuild] = [isInstalled(), isBuilt()];
  if (hasPackages && hasBuild) return;
  refuseUnlessWritable();
  // In a fresh clone nothing but Node and npm is there: the scripts up to here import no package.
  const done =
    (hasPackages || (await quietly('installing the dependencies', 'npm ci --include=dev'))) &&
    (await quietly('building', 'node scripts/build.mjs'));
  if (!done) process.exit(1);
}

function isInstalled() {
  const locked = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  // Optional are the binaries of other platforms; everything else must be there, in the version that is locked.
  const isThere = ([path, { optional, integrity }]) =>
    !path.includes('node_modules/') ||
    optional ||
    (path in installed && installed[path].integrity === integrity);
  return Object.entries(locked).every(isThere);
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(rootPath(lockFile), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
