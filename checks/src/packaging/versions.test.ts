import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.js';
import { runNode } from '../support/program.js';
import { inRepo } from '../support/repo.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const folders = [...readdirSync(inRepo('packages')).map((name) => `packages/${name}`), 'checks'];
const manifests = folders.map(
  (folder) => JSON.parse(readFileSync(inRepo(folder, 'package.json'), 'utf8')) as Manifest,
);

test('all packages have one version, and name each other in it', () => {
  assert.ok(manifests.length >= 5);
  assert.deepEqual(disagreements(manifests), []);
});

test('the files that a README has one install are those of this version', () => {
  const pages = ['README.md', ...folders.map((folder) => `${folder}/README.md`)].filter((path) =>
    existsSync(inRepo(path)),
  );
  const named = pages.flatMap((path) =>
    Array.from(
      readFileSync(inRepo(path), 'utf8').matchAll(/mailslot[\w-]*?-(\d[\w.-]*)\.tgz/g),
      ([, version]) => version,
    ),
  );
  assert.ok(named.length >= 3);
  assert.deepEqual(
    named.filter((version) => version !== manifests[0]?.version),
    [],
  );
});

test('packages that disagree are found', () => {
  const library = { name: 'mailslot', version: '0.2.0' };
  const other = (more: Partial<Manifest>): Manifest[] => [
    library,
    { name: 'other', version: '0.2.0', ...more },
  ];
  assert.deepEqual(disagreements(other({})), []);
  assert.deepEqual(disagreements(other({ version: '0.1.0' })), ['other has the version 0.1.0, not 0.2.0']);
  assert.deepEqual(disagreements(other({ dependencies: { mailslot: '0.1.0' } })), [
    'other wants mailslot 0.1.0, not 0.2.0',
  ]);
  assert.deepEqual(disagreements(other({ devDependencies: { mailslot: '^0.2.0' } })), [
    'other wants mailslot ^0.2.0, not 0.2.0',
  ]);
  assert.deepEqual(disagreements(other({ peerDependencies: { mailslot: '^0.1.0' } })), [
    'other wants mailslot ^0.1.0, not ^0.2.0',
  ]);
});

test('a transport shares the library of the program that uses it', () => {
  const { dependencies, peerDependencies } = manifests.find(
    ({ name }) => name === '@mailslot/nats',
  ) as Manifest;
  assert.ok('mailslot' in (peerDependencies ?? {}));
  assert.ok(!('mailslot' in (dependencies ?? {})));
});

test('a release is refused unless the tag is the version and the changelog has it', (t) => {
  const folder = temporaryFolder(t);
  for (const path of ['scripts', 'CHANGELOG.md', ...folders.map((each) => `${each}/package.json`)])
    cpSync(inRepo(path), join(folder, path), { recursive: true });
  const release = (tag: string): string => {
    const script = join(folder, 'scripts/prepare-release.mjs');
    const { code, stderr } = runNode([script, tag, 'https://example.com/owner/name'], { cwd: folder });
    return code === 0 ? 'ready' : stderr;
  };
  const { version } = manifests[0] as Manifest;
  assert.match(release('v9.9.9'), /the tag is v9\.9\.9/);
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
  assert.ok(changelog.includes(`\n## ${version}`), 'the changelog begins with the version of the packages');
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog.replace(`## ${version} (unreleased)`, '## 0.0.0'));
  assert.match(release(`v${version}`), /no heading/);
  writeFileSync(join(folder, 'CHANGELOG.md'), `## ${version}\n`);
  assert.equal(release(`v${version}`), 'ready');
  const { repository } = JSON.parse(readFileSync(join(folder, 'packages/nats/package.json'), 'utf8'));
  assert.deepEqual(repository, {
    type: 'git',
    url: 'git+https://example.com/owner/name.git',
    directory: 'packages/nats',
  });
});

/** What packages that are released together say differently of their version. */
function disagreements(packages: readonly Manifest[]): string[] {
  const version = packages[0]?.version;
  const names = new Set(packages.map(({ name }) => name));
  const wanting = (
    who: string,
    wants: Readonly<Record<string, string>> | undefined,
    right: string,
  ): string[] =>
    Object.entries(wants ?? {})
      .filter(([name, wanted]) => names.has(name) && wanted !== right)
      .map(([name, wanted]) => `${who} wants ${name} ${wanted}, not ${right}`);
  return packages.flatMap(({ name, version: own, dependencies, devDependencies, peerDependencies }) => [
    ...(own === version ? [] : [`${name} has the version ${own}, not ${version}`]),
    ...wanting(name, dependencies, `${version}`),
    ...wanting(name, devDependencies, `${version}`),
    ...wanting(name, peerDependencies, `^${version}`),
  ]);
}
