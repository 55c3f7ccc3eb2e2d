import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder, writeFiles } from './folder.js';
import { type Outcome, runNode } from './program.js';

test('a test that needs what is missing is skipped, with the reason', (t) => {
  const { code, stdout } = runWithoutPeers(t, 'false');
  assert.equal(code, 0);
  assert.match(stdout, /two users.*needs sudo, tmux/);
});

test('in CI on Linux, what is missing is a failure', { skip: process.platform !== 'linux' }, (t) => {
  assert.equal(runWithoutPeers(t, 'true').code, 1);
});

test('a test that needs what is there runs', (t) => {
  const { code, stdout } = runWithoutPeers(t, 'true', '');
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /needs/);
});

function runWithoutPeers(t: TestContext, CI: string, wanted = `'sudo', 'tmux'`): Outcome {
  const folder = temporaryFolder(t);
  const needs = JSON.stringify(new URL('needs.js', import.meta.url));
  writeFiles(folder, {
    'some.test.mjs': `
      import { test } from 'node:test';
      import { needs } from ${needs};
      test('two users', needs(${wanted}), () => {});`,
  });
  return runNode([join(folder, 'some.test.mjs')], { env: { PATH: folder, CI } });
}
