import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder, writeFiles } from '../support/folder.js';
import { inRepo } from '../support/repo.js';
import { Bench, QUICK } from './bench.js';
import { contestantNamed, honest } from './contestants/all.js';
import { admits, fetchLibrary, LIBRARIES } from './contestants/library.js';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly engines?: { readonly node?: string };
}

const lock = readFileSync(join(LIBRARIES, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(lock) as { packages: Record<string, Locked> };

test('what the bench fetches is pinned, from no registry in particular, and runs no script', () => {
  assert.doesNotMatch(lock, /"resolved"/);
  const { '': _, ...others } = packages;
  for (const [path, { version, integrity }] of Object.entries(others))
    assert.ok(version !== undefined && integrity?.startsWith('sha512-'), path);
  assert.match(readFileSync(join(LIBRARIES, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
});

test('the workspace installs nothing that only the bench needs, and no package with an install script', () => {
  const { packages: workspace } = JSON.parse(readFileSync(inRepo('package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const libraries = honest.flatMap((name) => contestantNamed(name).library ?? []);
  assert.deepEqual(libraries.toSorted(), ['ioredis', 'node-ipc', 'zeromq']);
  for (const library of libraries) {
    assert.ok(`node_modules/${library}` in packages, library);
    assert.ok(!(`node_modules/${library}` in workspace), library);
  }
  const scripted = Object.entries(workspace).filter(([, { hasInstallScript }]) => hasInstallScript);
  assert.deepEqual(scripted, []);
});

test('a library that is not made for this Node is neither fetched nor measured', (t) => {
  const folder = withLock(t, { version: '9.9.9', engines: { node: '>=99' } });
  assert.equal(
    fetchLibrary('zeromq', folder),
    `zeromq 9.9.9 is made for Node >=99; this is ${process.versions.node}`,
  );
  assert.ok(admits('>=22.13.0', '22.13.0') && admits('>= 12', '20.9.1') && admits('>=20.19', '100.0.0'));
  assert.ok(!admits('>=22.13.0', '22.9.9') && !admits('>=22.13.0', '20.20.2'));
  for (const name of ['ioredis', 'node-ipc', 'zeromq'])
    admits(packages[`node_modules/${name}`]?.engines?.node ?? '', process.versions.node);
});

test('a library that cannot be fetched is not measured', (t) => {
  // What npm leaves out silently is not there either.
  const folder = withLock(t, { version: '9.9.9', optional: true, engines: { node: '>=1' } });
  assert.match(fetchLibrary('zeromq', folder) ?? 'nothing', /^zeromq 9\.9\.9 cannot be fetched/);
});

test('a contestant that cannot take part is named, and the others have their turn', async (t) => {
  const bench = new Bench(QUICK, (name) => (name === 'zeromq' ? 'gone' : undefined));
  t.after(() => bench.close());
  const turns = await bench.inTurn(['zeromq', 'net'] as const, async (name) => {
    await bench.placeFor(name);
    return name;
  });
  assert.deepEqual(
    [...turns],
    [
      ['zeromq', []],
      ['net', ['net', 'net']],
    ],
  );
  assert.deepEqual([...bench.notMeasured], ['zeromq, push/pull: gone']);
});

function withLock(t: TestContext, zeromq: object): string {
  const folder = temporaryFolder(t);
  const own = { name: 'none', version: '1.0.0' };
  const packages = { '': own, 'node_modules/zeromq': zeromq };
  writeFiles(folder, {
    'package.json': own,
    'package-lock.json': { ...own, lockfileVersion: 3, requires: true, packages },
  });
  return folder;
}
