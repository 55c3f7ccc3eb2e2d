import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { scene } from '../../testing/scene.js';

test('new, share, install: two computers with one key', async (t) => {
  const [alpha, bravo] = [scene(t), scene(t)];
  const made = await alpha.run('key', 'new', 'office', '--interface', 'lo');
  assert.deepEqual({ code: made.code, stderr: made.stderr }, { code: 0, stderr: '' });
  assert.match(
    made.stdout,
    /^key ([0-9a-f]{8}) of OFFICE is made and in use\nnext: .*"mailslot key share \1" to /,
  );
  const shared = await alpha.run('key', 'share');
  assert.match(shared.stdout, /^mailslot-key:1:OFFICE:[\w-]{43}:[0-9a-f]{8}\n$/);
  const installed = await bravo.feed(shared.stdout, 'key', 'install');
  assert.match(installed.stdout, /^key [0-9a-f]{8} of OFFICE is installed and in use\nOFFICE speaks on /);
  assert.equal((await bravo.run('key', 'share')).stdout, shared.stdout);
  if (process.platform !== 'win32') assert.equal(statSync(configOf(bravo)).mode & 0o777, 0o600);
});

test('a key is changed: new, use, remove', async (t) => {
  const { run } = scene(t);
  const [first] = objects((await run('key', 'new', 'OFFICE', '--interface', 'lo', '--json')).stdout);
  const [second] = objects((await run('key', 'new', 'OFFICE', '--interface', 'lo', '--json')).stdout);
  assert.deepEqual([first?.['inUse'], second?.['inUse']], [true, false]);
  const refused = await run('key', 'remove', String(first?.['id']));
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /is in use for OFFICE; first run "mailslot key use"/);
  assert.match((await run('key', 'use', String(second?.['id']))).stdout, /is in use\nnext: /);
  assert.match((await run('key', 'remove', String(first?.['id']))).stdout, /of OFFICE is removed\n$/);
  const listed = objects((await run('key', 'list', '--json')).stdout);
  assert.deepEqual(listed, [{ ...second, inUse: true }]);
  const last = await run('key', 'remove', String(second?.['id']), '--json');
  assert.deepEqual(objects(last.stdout), [{ ...second, inUse: false, gone: true }]);
  assert.match((await run('key', 'list')).stderr, /^no keys in .*mailslot key new/);
  const none = await run('key', 'list', '-j');
  assert.deepEqual([none.code, none.stdout, none.stderr], [0, '', '']);
});

test('the secret is shown by share alone, and is never an argument', async (t) => {
  const { run, feed, env } = scene(t);
  await run('key', 'new', 'OFFICE', '--interface', 'lo');
  const line = (await run('key', 'share')).stdout;
  const secret = line.split(':')[3] as string;
  const others = [
    await run('key', 'list'),
    await run('key', 'list', '--json'),
    await run('key', 'new', 'OFFICE', '--interface', 'lo', '--json'),
    await feed(line, 'key', 'install', '--json'),
    await feed(line.slice(0, -3), 'key', 'install'),
    await run('doctor'),
  ];
  for (const { stdout, stderr } of others) assert.ok(!(stdout + stderr).includes(secret));
  assert.ok(readFileSync(String(env['MAILSLOT_CONFIG']), 'utf8').includes(secret));
  const typed = await run('key', 'install', line.trim());
  assert.deepEqual([typed.code, typed.stderr.includes(secret)], [2, false]);
  assert.match(typed.stderr, /read from standard input.*shell's history/);
});

test('MAILSLOT_DOMAIN says whose key is shared; an id says it outright', async (t) => {
  const { run, env } = scene(t);
  await run('key', 'new', 'ONE', '--interface', 'lo');
  await run('key', 'new', 'TWO', '--interface', 'lo');
  const ids = objects((await run('key', 'list', '--json')).stdout).map(({ id }) => String(id));
  assert.match((await run('key', 'share')).stdout, /:ONE:/);
  env['MAILSLOT_DOMAIN'] = 'two';
  assert.match((await run('key', 'share')).stdout, /:TWO:/);
  assert.match((await run('key', 'share', ids[0] as string)).stdout, /:ONE:/);
});

test('a second domain says how to share its own key, not that of the first', async (t) => {
  const { run } = scene(t);
  await run('key', 'new', 'OFFICE', '--interface', 'lo');
  const made = await run('key', 'new', 'LAB', '--interface', 'lo');
  const [, said = ''] = /"mailslot (key share[^"]*)"/.exec(made.stdout) ?? [];
  assert.match((await run(...said.split(' '))).stdout, /^mailslot-key:1:LAB:/);
});

test('--config beats the environment', async (t) => {
  const stage = scene(t);
  const path = `${stage.root}/elsewhere.json`;
  assert.equal((await stage.run('key', 'new', 'OFFICE', '--interface', 'lo', '--config', path)).code, 0);
  assert.ok(existsSync(path) && !existsSync(configOf(stage)));
});

test('what cannot be is refused, each with its exit code', async (t) => {
  const { run, feed, root } = scene(t);
  const cases: readonly (readonly [words: string[], code: number, error: RegExp])[] = [
    [['key', 'new'], 2, /missing required argument 'domain'/],
    [['key', 'nwe', 'A'], 2, /unknown command 'nwe' \(Did you mean new\?\)/],
    [['key', 'use', '12345678'], 2, /there is no key "12345678" here/],
    [['key', 'new', 'a/b'], 2, /is no name/],
    [['key', 'share'], 2, /no key to share; make one/],
    [['key', 'install'], 1, /this is no key: there is none/],
  ];
  for (const [words, code, error] of cases) {
    const outcome = await run(...words);
    assert.equal(outcome.code, code, words.join(' '));
    assert.match(outcome.stderr, error);
  }
  assert.equal((await run('key')).code, 2);
  assert.match((await feed('x'.repeat(10_000), 'key', 'install')).stderr, /too long to be a key/);
  await run('key', 'new', 'OFFICE', '--interface', 'lo');
  chmodSync(`${root}/config.json`, 0o644);
  const open = await run('key', 'list', '--json');
  assert.equal(open.code, 1);
  assert.equal(JSON.parse(open.stderr).error.code, 'ERR_MAILSLOT_UNUSABLE_CONFIG');
  assert.match(open.stderr, /chmod 600/);
});

function configOf({ env }: { readonly env: NodeJS.ProcessEnv }): string {
  return String(env['MAILSLOT_CONFIG']);
}

function objects(lines: string): Record<string, unknown>[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
