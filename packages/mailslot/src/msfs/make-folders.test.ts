import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolders } from './make-folders.js';

test('folders are made with all on the way, and one that is there is left as it is', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'make-folders-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'a', 'b', 'c');
  makeFolders(folder, 0o700);
  makeFolders(folder, 0o755);
  assert.ok(statSync(folder).isDirectory());
  if (process.platform !== 'win32') assert.equal(statSync(folder).mode & 0o777, 0o700);
  writeFileSync(join(root, 'file'), '');
  assert.throws(() => makeFolders(join(root, 'file'), 0o700), { code: 'EEXIST' });
  if (process.platform !== 'win32') {
    assert.throws(() => makeFolders(join(root, 'file', 'a', 'b'), 0o700), { code: 'ENOTDIR' });
  }
});

// Linux alone has such a place.
const inProc = { skip: process.platform !== 'linux' && 'needs Linux' };

test('where the system makes no folder and says that there is none, it ends with that', inProc, () => {
  assert.throws(() => makeFolders('/proc/no-such/mailslot', 0o700), { code: 'ENOENT' });
});
