// Whether what was built is what would be built now. Told by contents on the way in and by time stamps on the way out: a
// source may be changed and changed back, and what was built may be overwritten by other means.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rootPath, WORKSPACES } from './run.mjs';

/** Beside the packages that it was built with: whoever installs them anew builds anew. */
const RECORD = rootPath('node_modules/.mailslot-built.json');

const SOURCES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json', 'scripts'];

const NO_SOURCES = ['dist', 'node_modules', '.runtimes'];

/** A hash over everything that a build reads. */
export function fingerprintOfSources() {
  const hash = createHash('sha256');
  const folders = WORKSPACES.flatMap((workspace) =>
    readdirSync(rootPath(workspace))
      .filter((name) => !NO_SOURCES.includes(name))
      .map((name) => join(workspace, name)),
  );
  for (const path of [...SOURCES, ...folders].flatMap(filesIn).sort()) {
    const contents = readFileSync(rootPath(path));
    hash.update(`${path}\0${contents.length}\0`).update(contents);
  }
  return hash.digest('hex');
}

/** True if nothing has to be built. */
export function isBuilt() {
  try {
    const { sources, emitted } = JSON.parse(readFileSync(RECORD, 'utf8'));
    return Object.entries(emitted).every(isUntouched) && sources === fingerprintOfSources();
  } catch {
    // No record, a broken one, or something is missing: built anew.
    return false;
  }
}

/** Before a build, which may fail half-way. */
export function forgetBuilt() {
  rmSync(RECORD, { force: true });
}

/** @param sources the fingerprint from before the build: what was changed meanwhile may not have been built */
export function recordBuilt(sources) {
  const files = WORKSPACES.flatMap((workspace) => filesIn(join(workspace, 'dist')));
  const emitted = Object.fromEntries(files.map((path) => [path, stampOf(path)]));
  mkdirSync(dirname(RECORD), { recursive: true });
  writeFileSync(RECORD, JSON.stringify({ sources, emitted }));
}

function isUntouched([path, stamp]) {
  return stampOf(path) === stamp;
}

function stampOf(path) {
  const { size, mtimeMs } = statSync(rootPath(path));
  return `${size} ${mtimeMs}`;
}

function filesIn(path) {
  if (!statSync(rootPath(path)).isDirectory()) return [path];
  return readdirSync(rootPath(path), { withFileTypes: true }).flatMap((entry) => {
    const inside = join(path, entry.name);
    return entry.isDirectory() ? filesIn(inside) : [inside];
  });
}
