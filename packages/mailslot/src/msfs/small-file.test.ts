import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSmallFile } from './small-file.js';
import { temporaryRoot } from './temp-root.test.support.js';

test('a file is read up to the limit, and nothing of one that is longer', (t) => {
  const path = join(temporaryRoot(t), 'file');
  for (const size of [0, 1, 99, 100]) {
    writeFileSync(path, 'x'.repeat(size));
    assert.equal(readSmallFile(path, 100), 'x'.repeat(size));
  }
  writeFileSync(path, 'x'.repeat(101));
  assert.equal(readSmallFile(path, 100), undefined);
  truncateSync(path, 10 * 2 ** 30);
  assert.equal(readSmallFile(path, 100), undefined);
});

const onUnix = { skip: process.platform === 'win32' && 'needs FIFOs' };

test('what is no file is not waited for, nor read for ever', onUnix, (t) => {
  const root = temporaryRoot(t);
  const fifo = join(root, 'fifo');
  execFileSync('mkfifo', [fifo]);
  for (const path of [fifo, '/dev/zero', root]) assert.equal(readSmallFile(path, 100), undefined);
});

const onLinux = { skip: process.platform !== 'linux' && 'needs Linux' };

test('a file that says it has no bytes, and has many, is not read whole', onLinux, () => {
  assert.equal(readSmallFile('/proc/self/status', 100), undefined);
  assert.match(readSmallFile('/proc/self/status', 10_000) ?? '', /^Name:/);
});
