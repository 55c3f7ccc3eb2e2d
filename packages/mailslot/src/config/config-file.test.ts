import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { changeConfigFile, configPath, readConfigFile } from './config-file.js';
import { NO_CONFIG } from './config-schema.js';

const unix = { skip: process.platform === 'win32' ? 'files have no modes here' : false };
const asRoot = { skip: process.geteuid?.() === 0 ? false : 'needs root to give a file away' };
const refused = (message: RegExp) => ({ code: 'ERR_MAILSLOT_UNUSABLE_CONFIG', message });

test('the path: what is asked for, the environment, the user', unix, () => {
  const env = { HOME: '/home/a' };
  const own =
    process.geteuid?.() === 0 ? '/etc/mailslot/config.json' : '/home/a/.config/mailslot/config.json';
  assert.equal(configPath(env), own);
  assert.equal(configPath({ ...env, MAILSLOT_CONFIG: '' }), own);
  assert.equal(configPath({ ...env, MAILSLOT_CONFIG: '/b/c.json' }), '/b/c.json');
  assert.equal(configPath({ ...env, MAILSLOT_CONFIG: '/b/c.json' }, '/d.json'), '/d.json');
  assert.equal(configPath({}, 'd.json'), join(process.cwd(), 'd.json'));
});

test('no file is no domain', (t) => {
  const { path } = place(t);
  assert.deepEqual(readConfigFile(path), NO_CONFIG);
  assert.deepEqual(readConfigFile(join(path, 'below')), NO_CONFIG);
});

test('a change makes folder and file for this user alone, whatever the umask', unix, (t) => {
  const { folder } = place(t);
  const path = join(folder, 'deep', 'er', 'config.json');
  const umask = process.umask(0);
  t.after(() => process.umask(umask));
  changeConfigFile(path, (file) => ({ ...file, computer: 'ALPHA' }));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  process.umask(0o777);
  changeConfigFile(path, (file) => ({ ...file, policy: 'policy.json' }));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readConfigFile(path), { computer: 'ALPHA', domains: [], policy: 'policy.json' });
  assert.deepEqual(readdirSync(dirname(path)), ['config.json']);
});

test('a change that fails leaves the file as it was, and nothing beside it', (t) => {
  const { path, folder } = place(t, '{"computer":"ALPHA"}');
  assert.throws(
    () =>
      changeConfigFile(path, () => {
        throw new RangeError('no');
      }),
    refused(/cannot be written: no$/),
  );
  assert.equal(readFileSync(path, 'utf8'), '{"computer":"ALPHA"}');
  assert.deepEqual(readdirSync(folder), ['config.json']);
});

test('a change that goes on is waited for a moment, and then said what to do', (t) => {
  const { path } = place(t);
  changeConfigFile(path, (file) => {
    const again = (): void => changeConfigFile(path, (other) => ({ ...other, computer: 'B' }));
    assert.throws(again, refused(/somebody else is changing it.* remove .*config\.json\.new$/));
    return { ...file, computer: 'A' };
  });
  assert.equal(readConfigFile(path).computer, 'A');
});

test('a link stays a link, and what it leads to is changed', unix, (t) => {
  const { folder, path } = place(t, '{}');
  const link = join(folder, 'link.json');
  symlinkSync(path, link);
  changeConfigFile(link, (file) => ({ ...file, computer: 'ALPHA' }));
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readConfigFile(path).computer, 'ALPHA');
});

test('a file that others may get at is refused, with the remedy', unix, (t) => {
  const { path } = place(t, '{}');
  for (const mode of [0o640, 0o604, 0o620, 0o601, 0o644]) {
    chmodSync(path, mode);
    assert.throws(
      () => readConfigFile(path),
      refused(new RegExp(`mode 0${mode.toString(8)}.*chmod 600 ${path}`)),
    );
    assert.throws(() => changeConfigFile(path, (file) => file), refused(/chmod 600/));
  }
  for (const mode of [0o600, 0o400]) {
    chmodSync(path, mode);
    assert.deepEqual(readConfigFile(path), NO_CONFIG);
  }
});

test("another user's file is refused", asRoot, (t) => {
  const { path } = place(t, '{}');
  chownSync(path, 4711, 4711);
  assert.throws(() => readConfigFile(path), refused(/belongs to uid 4711/));
});

test('what is no file, or too large, is refused at once', unix, (t) => {
  const { folder, path } = place(t, ' '.repeat(1024 * 1024 + 1));
  assert.throws(() => readConfigFile(path), refused(/at most 1048576/));
  mkdirSync(join(folder, 'folder'));
  assert.throws(() => readConfigFile(join(folder, 'folder')), refused(/it is no file/));
  for (const device of ['/dev/null', '/dev/zero'])
    assert.throws(() => readConfigFile(device), refused(/it is no file/));
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  assert.throws(() => readConfigFile(fifo), refused(/it is no file/));
  writeFileSync(path, '', { mode: 0o600 });
  truncateSync(path, 10 * 2 ** 30);
  assert.throws(() => readConfigFile(path), refused(/at most 1048576/));
});

function place(t: TestContext, text?: string): { readonly folder: string; readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-config-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'config.json');
  if (text !== undefined) writeFileSync(path, text, { mode: 0o600 });
  return { folder, path };
}
