import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder, writeFiles } from '../support/folder.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';

interface Built {
  fingerprintOfSources(): string;
  isBuilt(): boolean;
  recordBuilt(sources: string): void;
  forgetBuilt(): void;
}

const source = 'packages/cli/src/main.ts';
const emitted = 'packages/cli/dist/main.js';

/** A clone with one file in each workspace, and the scripts of this one. */
function clone(t: TestContext): { readonly folder: string; at(path: string): string } {
  const folder = temporaryFolder(t);
  cpSync(inRepo('scripts'), join(folder, 'scripts'), { recursive: true });
  for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json'])
    writeFiles(folder, { [path]: { packages: {} } });
  for (const workspace of ['packages/mailslot', 'packages/nats', 'packages/web', 'packages/cli', 'checks'])
    writeFiles(folder, { [`${workspace}/src/main.ts`]: '1', [`${workspace}/dist/main.js`]: '1' });
  writeFiles(folder, { 'node_modules/.package-lock.json': { packages: {} } });
  return { folder, at: (path) => join(folder, path) };
}

async function builtIn(folder: string): Promise<Built> {
  return import(pathToFileURL(join(folder, 'scripts/built.mjs')).href);
}

test('what was built is used as long as it is what would be built now', async (t) => {
  const { folder, at } = clone(t);
  const { fingerprintOfSources, isBuilt, recordBuilt, forgetBuilt } = await builtIn(folder);
  const build = (): void => recordBuilt(fingerprintOfSources());
  assert.equal(isBuilt(), false, 'nobody has built it');
  build();
  assert.equal(isBuilt(), true);
  utimesSync(at(source), 1, 1);
  assert.equal(isBuilt(), true, 'a source that says the same');
  writeFileSync(at(source), '2');
  assert.equal(isBuilt(), false, 'a source that has changed, and kept its length');
  writeFileSync(at(source), '1');
  assert.equal(isBuilt(), true, 'changed back');
  writeFiles(folder, { 'packages/cli/src/more.ts': '' });
  assert.equal(isBuilt(), false, 'a source more');
  rmSync(at('packages/cli/src/more.ts'));
  writeFileSync(at(emitted), 'by other means');
  assert.equal(isBuilt(), false, 'what was emitted has changed');
  build();
  rmSync(at(emitted));
  assert.equal(isBuilt(), false, 'what was emitted is gone');
  build();
  forgetBuilt();
  assert.equal(isBuilt(), false, 'a build that did not come to its end');
});

test('what is changed while it is built is built again', async (t) => {
  const { folder, at } = clone(t);
  const { fingerprintOfSources, isBuilt, recordBuilt } = await builtIn(folder);
  const before = fingerprintOfSources();
  writeFileSync(at(source), '2');
  recordBuilt(before);
  assert.equal(isBuilt(), false);
});

test("another user's clone: used where it is built, else told what to do", needs('root'), async (t) => {
  const { folder, at } = clone(t);
  writeFiles(folder, { 'packages/cli/bin/mailslot.cjs': 'console.log("served")' });
  const { fingerprintOfSources, recordBuilt } = await builtIn(folder);
  recordBuilt(fingerprintOfSources());
  chmodSync(folder, 0o755);
  const start = () =>
    spawnSync(process.execPath, [at('scripts/start.mjs')], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
  assert.match(start().stdout, /served/);
  writeFileSync(at(source), '2');
  const before = readFileSync(at(emitted));
  const { status, stdout, stderr } = start();
  assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  assert.match(
    stderr,
    /^this clone has to be built, and nothing can be put into .*: it belongs to uid 0\. .*git clone/,
  );
  assert.equal(stderr.trim().split('\n').length, 1);
  assert.deepEqual(readFileSync(at(emitted)), before);
});
