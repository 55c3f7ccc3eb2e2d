import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from '../support/program.js';
import { FOLDER, type Runtime } from './pinned.js';

const INSTALL_MS = 10 * 60_000;

/** Installs those that are not there in the version that is pinned; throws if it cannot. */
export function install(runtimes: readonly Runtime[]): void {
  if (runtimes.every(isInstalled)) return;
  console.error('installing the runtimes, about 1 GB …');
  mkdirSync(FOLDER, { recursive: true });
  // Two lines of Node are one package: each gets a name of its own.
  const dependencies = Object.fromEntries(
    runtimes.map((each) => [each.folder, `npm:${each.package}@${each.version}`]),
  );
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify({ private: true, dependencies }, undefined, 2));
  const { code, stdout, stderr } = runNpm(
    ['install', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund'],
    { timeLimitMs: INSTALL_MS },
  );
  const missing = runtimes.filter((each) => !isInstalled(each)).map(({ name }) => name);
  if (code !== 0 || missing.length > 0)
    throw new Error(`could not install ${missing.join(', ')}\n${stdout}${stderr}`.trimEnd());
}

export function binaryOf({ folder, binary }: Runtime): string {
  return join(FOLDER, 'node_modules', folder, binary);
}

function isInstalled(runtime: Runtime): boolean {
  const manifest = join(FOLDER, 'node_modules', runtime.folder, 'package.json');
  if (!existsSync(manifest) || !existsSync(binaryOf(runtime))) return false;
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; version: string };
  return name === runtime.package && version === runtime.version;
}
