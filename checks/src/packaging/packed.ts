import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { writeFiles } from '../support/folder.js';
import { runNode, runNpm } from '../support/program.js';
import { inRepo } from '../support/repo.js';

/** What is published. */
export const published = ['mailslot', '@mailslot/cli', '@mailslot/nats'] as const;

/** A folder that goes after the tests of a file, the packed workspaces in it, and a project that has installed them. */
export interface Packed {
  readonly folder: string;
  readonly tarballs: readonly string[];
  readonly app: string;
}

/** Packs workspaces and installs them as a stranger would. */
export function packAndInstall(...workspaces: readonly string[]): Packed {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mailslot-packed-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const tarballs = pack(folder, ...workspaces);
  const app = join(folder, 'app');
  mkdirSync(app);
  installInto(app, tarballs);
  return { folder, tarballs, app };
}

/** Packs workspaces as for publishing; the paths of the tarballs, sorted. */
function pack(folder: string, ...workspaces: string[]): string[] {
  const names = workspaces.flatMap((workspace) => ['-w', workspace]);
  mustSucceed(runNpm(['pack', '--silent', '--pack-destination', folder, ...names]));
  return tarballsIn(folder);
}

/**
 * An empty project into which the tarballs are installed, as a user would, but without any network: what they depend on
 * is taken from here.
 */
function installInto(folder: string, tarballs: readonly string[]): void {
  writeFiles(folder, { 'package.json': { private: true } });
  const dependencies = [
    '@nats-io/transport-node',
    '@nats-io/nats-core',
    '@nats-io/nkeys',
    '@nats-io/nuid',
    'tweetnacl',
  ];
  // Copies: a folder is a checkout to npm, and its scripts would build it anew, in place.
  const folders = dependencies.map((name) => {
    const copy = join(folder, 'dependencies', name);
    cpSync(realpathSync(inRepo('node_modules', name)), copy, { recursive: true });
    return copy;
  });
  const offline = ['--offline', '--silent', '--ignore-scripts', '--install-links'];
  mustSucceed(runNpm(['install', ...offline, ...tarballs, ...folders], { cwd: folder }));
  mkdirSync(join(folder, 'node_modules/@types'));
  // A junction needs no privilege on Windows and is an ordinary link elsewhere.
  symlinkSync(inRepo('node_modules/@types/node'), join(folder, 'node_modules/@types/node'), 'junction');
}

/** What attw has to say of a tarball: how its types resolve for everyone who can import an ES module. */
export function wrongTypes(tarball: string): string {
  const attw = inRepo('node_modules/@arethetypeswrong/cli/dist/index.js');
  const { code, stdout, stderr } = runNode([attw, tarball, '--profile', 'esm-only', '--format', 'ascii']);
  return code === 0 ? '' : stdout + stderr;
}

/** Fields of a manifest that would make its users install or run something. */
export function burdens(manifest: { readonly scripts?: object }): string[] {
  const dependencies = ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'];
  const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
  const scripts = manifest.scripts ?? {};
  return [...dependencies.filter((field) => field in manifest), ...hooks.filter((hook) => hook in scripts)];
}

/** Those of the files, given by their paths below the folder, that hold one of the texts. */
export function filesWith(texts: readonly string[], folder: string, paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const content = readFileSync(join(folder, path));
    return texts.some((text) => content.includes(text));
  });
}

function tarballsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  return names.sort().map((name) => join(folder, name));
}

function mustSucceed({ code, stdout, stderr }: ReturnType<typeof runNpm>): void {
  if (code !== 0) throw new Error(`npm failed: ${stdout}${stderr}`);
}
