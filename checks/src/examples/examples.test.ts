import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Note, startMessenger } from 'mailslot/messenger';
import { runNode } from '../support/program.js';
import { inRepo } from '../support/repo.js';

/** What some are given to read, and what they may say beside: alone, a chat has nobody to talk to. */
const inputs: Readonly<Record<string, string>> = { 'lan-chat.mjs': 'hello\nred \x1b[31m\n' };
const warnings: Readonly<Record<string, RegExp>> = {
  'lan-chat.mjs': /^\(node:\d+\) MailslotWarning: .*this computer is in no domain/,
};

/** What each example prints. Lines of several processes come in any order, so they are compared sorted. */
const outputs: Readonly<Record<string, readonly string[]>> = {
  'build-finished.mjs': ['the build is finished after N s; nobody was told: ERR_MAILSLOT_NOT_FOUND'],
  'cache-invalidation.mjs': [
    'cache 1 forgot tea and still knows coffee',
    'cache 2 forgot tea and still knows coffee',
    'cache 3 forgot tea and still knows coffee',
    'told 3 caches',
  ],
  'job-queue.mjs': ['1 squared is 1', '2 squared is 4', '3 squared is 9'],
  'lan-chat.mjs': [`here: ${hostname()}: hello`, `here: ${hostname()}: red ·[31m`],
  'log-collector.mjs': ['20000 received = 1000 read + 19000 dropped; the last was "line 10000"'],
};

for (const [example, lines] of Object.entries(outputs)) {
  test(`the example ${example} does what it says and leaves nothing behind`, (t) => {
    const root = newRoot();
    t.after(() => rmSync(root, { recursive: true, force: true }));
    const env = environment(root);
    const input = inputs[example] ?? '';
    const { code, stdout, stderr } = runNode([inRepo('examples', example)], { env, input });
    assert.match(stderr, warnings[example] ?? /^$/);
    const printed = stdout.replace(/after \d+ s/, 'after N s');
    assert.deepEqual(printed.trimEnd().split('\n').sort(), lines);
    assert.equal(code, 0);
    if (existsSync(root)) assert.deepEqual(readdirSync(root), []);
  });
}

test('the example of a build tells a messenger that is there', async (t) => {
  const root = newRoot();
  t.after(() => rmSync(root, { recursive: true, force: true }));
  await using messenger = await startMessenger({ root, computer: 'ALPHA', history: false });
  const heard = new Promise<Note>((resolve) => messenger.onNote(resolve));
  const env = { ...process.env, ...environment(root) };
  const command = [inRepo('examples/build-finished.mjs'), process.execPath, '-e', 'process.exit(3)'];
  const child = spawn(process.execPath, command, { env });
  const [code] = await once(child, 'exit');
  const { text, level } = await heard;
  assert.deepEqual({ code, level }, { code: 3, level: 'alert' });
  assert.match(text, /^the build failed \(3\) after \d+ s$/);
});

test('every example is run', () => {
  assert.deepEqual(readdirSync(inRepo('examples')).sort(), Object.keys(outputs));
});

/** In no domain, whatever whoever runs the tests is in. */
function environment(root: string): Record<string, string> {
  return { MAILSLOT_ROOT: root, MAILSLOT_CONFIG: `${root}.json`, MAILSLOT_AUTOSTART: '0' };
}

/** Sockets need a short path, and tmpdir() is a long one on macOS. */
function newRoot(): string {
  return mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'ms-'));
}
