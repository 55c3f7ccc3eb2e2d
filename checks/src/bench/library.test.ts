import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder, writeFiles } from '../support/folder.js';
import { inRepo } from '../support/repo.js';
import { Bench, QUICK } from './bench.js';
import { contestantNamed, honest } from './contestants/all.js';
import { fetchLibrary, LIBRARIES } from './contestants/library.js';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
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

test('a library that npm leaves out on this Node is not measured, with the reason', (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, {
    'package.json': { name: 'none', version: '1.0.0' },
    'package-lock.json': {
      name: 'none',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'none', version: '1.0.0' },
        'node_modules/zeromq': { version: '9.9.9', optional: true, engines: { node: '>=99' } },
      },
    },
  });
  const why = fetchLibrary('zeromq', folder) ?? 'nothing';
  assert.match(why, /zeromq 9\.9\.9.*Node >=99; this is \d+\./s);
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
