// Copies of the library in one process, as a program has them whose dependencies bring their own: each takes the errors of
// the others for what they are.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as here from 'mailslot';
import { rolldown } from 'rolldown';
import { temporaryFolder, writeFiles } from '../support/folder.js';
import { inRepo } from '../support/repo.js';

type Library = typeof import('mailslot');

const require = createRequire(import.meta.url);

test('errors of another copy, and of one that a bundler made for require, are instances', async (t) => {
  const copies = [here, await anotherCopy(t), await bundleForRequire(t)];
  assert.equal(new Set(copies.map(({ MailslotError }) => MailslotError)).size, copies.length);
  for (const thrower of copies) {
    const error = await thrower.openMailslot('a//b').catch((reason: unknown) => reason);
    for (const { MailslotError } of copies) {
      assert.ok(error instanceof MailslotError);
      assert.equal(error.code, 'ERR_MAILSLOT_INVALID_NAME');
      assert.equal(String(error.message).endsWith(String(error.remedy)), true);
      assert.equal(new Error('x') instanceof MailslotError, false);
    }
  }
});

async function anotherCopy(t: TestContext): Promise<Library> {
  const folder = temporaryFolder(t);
  const built = inRepo('packages/mailslot');
  cpSync(join(built, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.test.js'),
  });
  cpSync(join(built, 'package.json'), join(folder, 'package.json'));
  return import(pathToFileURL(join(folder, 'dist/index.js')).href);
}

async function bundleForRequire(t: TestContext): Promise<Library> {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'package.json': { type: 'commonjs' } });
  const file = join(folder, 'bundle.cjs');
  const bundle = await rolldown({
    input: inRepo('packages/mailslot/dist/index.js'),
    platform: 'node',
    tsconfig: false,
    logLevel: 'silent',
  });
  await bundle.write({ file, format: 'cjs', codeSplitting: false });
  await bundle.close();
  return require(file);
}
