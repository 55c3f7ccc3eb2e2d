import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runNode } from '../support/program.js';
import { inRepo } from '../support/repo.js';

/** What each example prints. Lines of several processes come in any order, so they are compared sorted. */
const outputs: Readonly<Record<string, readonly string[]>> = {
  'cache-invalidation.mjs': [
    'cache 1 forgot tea and still knows coffee',
    'cache 2 forgot tea and still knows coffee',
    'cache 3 forgot tea and still knows coffee',
    'told 3 caches',
  ],
  'job-queue.mjs': ['1 squared is 1', '2 squared is 4', '3 squared is 9'],
  'log-collector.mjs': ['20000 received = 1000 read + 19000 dropped; the last was "line 10000"'],
};

for (const [example, lines] of Object.entries(outputs)) {
  test(`the example ${example} does what it says and leaves nothing behind`, (t) => {
    const root = newRoot();
    t.after(() => rmSync(root, { recursive: true, force: true }));
    const { code, stdout, stderr } = runNode([inRepo('examples', example)], { env: { MAILSLOT_ROOT: root } });
    assert.equal(stderr, '');
    assert.deepEqual(stdout.trimEnd().split('\n').sort(), lines);
    assert.equal(code, 0);
    if (existsSync(root)) assert.deepEqual(readdirSync(root), []);
  });
}

test('every example is run', () => {
  assert.deepEqual(readdirSync(inRepo('examples')).sort(), Object.keys(outputs));
});

/** Sockets need a short path, and tmpdir() is a long one on macOS. */
function newRoot(): string {
  return mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'ms-'));
}
