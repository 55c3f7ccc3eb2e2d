import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { publint } from 'publint';
import { links, parsePage } from '../docs/markdown.js';
import { temporaryFolder, writeFiles } from '../support/folder.js';
import { needs } from '../support/needs.js';
import { runNode, runNpm, runProgram } from '../support/program.js';
import { inRepo } from '../support/repo.js';
import { complaintsOf } from '../support/tsc.js';
import { burdens, filesWith, packAndInstall, published, wrongTypes } from './packed.js';

/** Where things lie on this machine, which is nobody else's business. */
const ownPaths = ['packages', 'checks', 'node_modules'].map((top) => inRepo(top));

const { folder, tarballs, app } = packAndInstall(...published);

test('publint and attw find nothing in what is published', async () => {
  assert.equal(tarballs.length, published.length);
  for (const tarball of tarballs) {
    assert.deepEqual(await lint(readFileSync(tarball)), []);
    assert.equal(wrongTypes(tarball), '');
  }
});

test('publint and attw find what is wrong', async (t) => {
  const wrong = temporaryFolder(t);
  writeFiles(wrong, {
    'package.json': {
      name: 'wrong',
      version: '1.0.0',
      type: 'module',
      exports: { types: './a.d.ts', default: './a.js' },
    },
    'a.js': 'module.exports = 1;',
    'a.d.cts': 'export = 1;',
  });
  assert.equal(runNpm(['pack', '--silent'], { cwd: wrong }).code, 0);
  const tarball = join(wrong, 'wrong-1.0.0.tgz');
  assert.notDeepEqual(await lint(readFileSync(tarball)), []);
  assert.notEqual(wrongTypes(tarball), '');
});

test('the library brings no dependency and runs nothing when installed', () => {
  assert.deepEqual(
    burdens(JSON.parse(readFileSync(join(app, 'node_modules/mailslot/package.json'), 'utf8'))),
    [],
  );
  assert.deepEqual(burdens({ peerDependencies: {}, scripts: { postinstall: 'true' } } as object), [
    'peerDependencies',
    'postinstall',
  ]);
});

test('what is published carries its licence, neither tests nor maps nor sources, and no path of the machine that built it', () => {
  const licence = readFileSync(inRepo('LICENSE'), 'utf8');
  for (const name of published) {
    const installed = join(app, 'node_modules', name);
    const files = filesIn(installed);
    assert.equal(readFileSync(join(installed, 'LICENSE'), 'utf8'), licence);
    assert.deepEqual(
      files.filter((path) => /\.test\.|\.map$|(?<!\.d)\.ts$/.test(path)),
      [],
    );
    const dangling = filesWith(
      ['sourceMappingURL'],
      installed,
      files.filter((path) => path.endsWith('.js')),
    );
    assert.deepEqual(dangling, []);
    assert.deepEqual(filesWith(ownPaths, installed, files), []);
  }
});

test('the README of each package leads nowhere outside of it', () => {
  for (const name of published) assert.deepEqual(linksOutOf(join(app, 'node_modules', name)), []);

  const planted = join(app, 'node_modules/planted');
  writeFiles(planted, {
    'README.md': '[a](../mailslot/README.md) [b](docs/b.md) [c](#c) [d](https://d.example)',
  });
  assert.deepEqual(linksOutOf(planted), ['../mailslot/README.md', 'docs/b.md']);
});

test('the packed library serves a strict TypeScript program', () => {
  writeFiles(app, {
    'consumer.mts': readFileSync(inRepo('checks/src/packaging/consumer.ts'), 'utf8'),
    'tsconfig.json': {
      extends: inRepo('tsconfig.base.json'),
      compilerOptions: { composite: false },
      files: ['consumer.mts'],
    },
  });
  assert.deepEqual(complaintsOf(join(app, 'tsconfig.json')), []);
});

test('the packed transport over NATS serves a strict TypeScript program too, and runs', () => {
  const program = [
    "import { natsTransport } from '@mailslot/nats';",
    "import { type RedirectorHandle, startRedirector } from 'mailslot';",
    'export const start = (): Promise<RedirectorHandle> => startRedirector({ nats: natsTransport });',
    'console.log(typeof natsTransport);',
  ];
  writeFiles(app, {
    'nats.mts': program.join('\n'),
    'nats.mjs': [program[0], program[3]].join('\n'),
    'tsconfig.json': {
      extends: inRepo('tsconfig.base.json'),
      compilerOptions: { composite: false },
      files: ['nats.mts'],
    },
  });
  assert.deepEqual(complaintsOf(join(app, 'tsconfig.json')), []);
  const { stdout, stderr } = runNode([join(app, 'nats.mjs')]);
  assert.equal(stdout, 'function\n', stderr);
});

test('the packed library runs, imported and required', () => {
  writeFiles(app, {
    'consumer.mjs': readFileSync(inRepo('checks/dist/packaging/consumer.js'), 'utf8'),
    'consumer.cjs': `console.log(typeof require('mailslot').createMailslot);`,
  });
  const env = { MAILSLOT_ROOT: join(folder, 'root') };
  const imported = runNode([join(app, 'consumer.mjs')], { env });
  assert.equal(imported.code, 0, imported.stderr);
  assert.deepEqual(JSON.parse(imported.stdout), {
    messageCount: 2,
    nextMessageSize: 5,
    first: 'first',
    second: {},
    slots: 1,
    code: 'ERR_MAILSLOT_NOT_FOUND',
  });
  assert.equal(runNode([join(app, 'consumer.cjs')]).stdout, 'function\n');
});

test('the packed CLI runs', () => {
  const { version } = JSON.parse(readFileSync(inRepo('packages/cli/package.json'), 'utf8'));
  const { stdout, stderr } = runNode([join(app, 'node_modules/@mailslot/cli/bin/mailslot.cjs'), '--version']);
  assert.equal(stdout.trim(), version, stderr);
});

test('nothing is exported, listed or kept that nobody uses', (t) => {
  assert.equal(unused(inRepo()), '');

  const planted = temporaryFolder(t);
  writeFiles(planted, {
    'package.json': { name: 'planted', main: 'index.js' },
    'index.js': `import { used } from './other.js'; used();`,
    'other.js': 'export const used = () => {}; export const unused = 1;',
  });
  assert.match(unused(planted), /unused .*other\.js/);
});

test('the lock file names no registry and has the binaries of every platform', () => {
  const lock = readFileSync(inRepo('package-lock.json'), 'utf8');
  assert.doesNotMatch(lock, /"resolved": "\w+:/);
  const locked = Object.keys(JSON.parse(lock).packages);
  for (const tool of [
    '@biomejs/cli-',
    '@rolldown/binding-',
    '@typescript/typescript-',
    '@oxc-parser/binding-',
    '@esbuild/',
  ]) {
    for (const platform of ['linux-x64', 'darwin-arm64', 'win32-x64']) {
      const isThere = locked.some((path) => path.startsWith(`node_modules/${tool}${platform}`));
      assert.ok(
        isThere,
        `${tool}${platform} is not locked: npm ci would leave that platform without the tool`,
      );
    }
  }
});

test('no file of the repository knows where it is checked out', needs('git'), (t) => {
  const list = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { code, stdout, stderr } = runProgram('git', list);
  assert.equal(code, 0, stderr);
  const files = stdout.split('\0').filter((path) => path !== '');
  assert.ok(files.includes('package.json'));
  assert.deepEqual(filesWith(ownPaths, inRepo(), files), []);

  const planted = temporaryFolder(t);
  writeFiles(planted, { a: `see ${inRepo('packages/mailslot')}`, b: 'see packages/mailslot' });
  assert.deepEqual(filesWith(ownPaths, planted, ['a', 'b']), ['a']);
});

async function lint(tarball: Buffer): Promise<string[]> {
  const { buffer, byteOffset, byteLength } = tarball;
  const copy = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const { messages } = await publint({ pack: { tarball: copy }, strict: true });
  return messages.map(({ code, path }) => `${code} at ${path.join('.')}`);
}

/** Links of a package's README that do not lead to a file of the package. */
function linksOutOf(folder: string): string[] {
  const page = parsePage('README.md', readFileSync(join(folder, 'README.md'), 'utf8'));
  return links(page)
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .filter((target) => target.startsWith('..') || !existsSync(join(folder, target)));
}

function unused(project: string): string {
  const knip = inRepo('node_modules/knip/bin/knip.js');
  const { code, stdout, stderr } = runNode([knip, '--no-progress'], { cwd: project });
  return code === 0 ? '' : stdout + stderr;
}

function filesIn(top: string): string[] {
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(top.length), entry.name));
}
