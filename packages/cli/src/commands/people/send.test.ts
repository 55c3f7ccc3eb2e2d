import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { messengerThere } from '../../testing/messenger.js';
import { needs } from '../../testing/programs.js';
import { bin, scene } from '../../testing/scene.js';

test('without a domain: to everybody here, to a name, and an error with the next step when nobody has it', async (t) => {
  const stage = scene(t);
  stage.env['MAILSLOT_COMPUTER'] = 'ALPHA';
  const nobody = await stage.run('send', 'ALPHA', 'hello');
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /no messenger here has the name ALPHA.*mailslot serve --page/);

  const messenger = await messengerThere(stage);
  const told = 'on this computer alone: it reaches no domain ("mailslot doctor" shows why)\n';
  assert.equal((await stage.run('send', '*', 'to', 'all')).stdout, `given to everybody ${told}`);
  assert.equal((await stage.feed('from a pipe\n', 'send', 'alpha')).stdout, `given to ALPHA ${told}`);
  const { id, ...sent } = JSON.parse(
    (await stage.run('send', 'alpha', '--level', 'alert', '--ttl', '2h', '--json', 'fire')).stdout,
  );
  assert.deepEqual(sent, { to: 'ALPHA', domain: null, reached: 'here', read: [] });
  await messenger.printed(id);

  const notes = (await stage.run('inbox', '--json')).stdout.trimEnd().split('\n');
  assert.deepEqual(
    notes.map((line) => JSON.parse(line)).map(({ to, text, level, ttl }) => ({ to, text, level, ttl })),
    [
      { to: '*', text: 'to all', level: 'info', ttl: null },
      { to: 'ALPHA', text: 'from a pipe', level: 'info', ttl: null },
      { to: 'ALPHA', text: 'fire', level: 'alert', ttl: 7200 },
    ],
  );
});

test('NET SEND and NET NAME, spelled the old way', async (t) => {
  const stage = scene(t);
  stage.env['MAILSLOT_COMPUTER'] = 'ALPHA';
  await messengerThere(stage);
  assert.match((await stage.run('net', 'send', 'alpha', 'one')).stdout, /^given to ALPHA /);
  assert.match((await stage.run('net', 'send', '/DOMAIN', 'two')).stdout, /^given to everybody /);
  assert.equal((await stage.run('net', 'send', '/users', 'three')).code, 2);
  assert.match((await stage.run('net', 'send', '/domain:LAB', 'four')).stderr, /in no domain/);
  assert.equal((await stage.run('net', 'name', 'shift')).stdout, 'added SHIFT\n');
  assert.match((await stage.run('net', 'name')).stdout, /^SHIFT +alias /m);
  assert.equal((await stage.run('net', 'name', 'shift', '/DELETE')).stdout, 'removed SHIFT\n');
  assert.equal((await stage.run('net', 'name', 'shift', '/no')).code, 2);
});

test('--wait-read ends when it was read, and with exit code 3 when nobody says so', async (t) => {
  const stage = scene(t);
  stage.env['MAILSLOT_COMPUTER'] = 'ALPHA';
  const messenger = await messengerThere(stage, '--receipts', 'read');
  const late = await stage.run('send', 'alpha', 'one', '--wait-read=10ms');
  assert.equal(late.code, 3);
  const waiting = stage.start('send', 'alpha', 'two', '--wait-read');
  await messenger.printed('"two"');
  await stage.run('inbox', 'read', 'all');
  const { code, stdout } = await waiting.ended;
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'read by ALPHA\n' });
});

test('what cannot be sent is refused with exit code 2', async (t) => {
  const { run } = scene(t);
  assert.match((await run('send')).stderr, /to whom\?/);
  for (const words of [
    ['a/b', 'x'],
    ['bob', 'x', '--thread', 'nonsense'],
    ['bob', 'x', '--level', 'loud'],
    ['bob', ''],
  ]) {
    assert.equal((await run('send', ...words)).code, 2, words.join(' '));
  }
  assert.equal((await run('send', 'bob', 'x'.repeat(60_001))).code, 1);
});

test('--wait-read takes the next word for its time only if it is one', async (t) => {
  const { run } = scene(t);
  for (const words of [
    ['--wait-read', 'bob', 'x'],
    ['--wait-read', '5m', 'bob', 'x'],
    ['--wait-read=5m', 'bob', 'x'],
    ['bob', '--wait-read', 'x'],
  ]) {
    assert.match((await run('send', ...words)).stderr, /has the name BOB/, words.join(' '));
  }
  assert.match((await run('send', '--wait-read', '*', 'hi')).stderr, /no messenger/);
});

test('a * that the shell made file names of is told, and nothing is sent', needs('bash'), async (t) => {
  const stage = scene(t);
  const cwd = join(stage.root, 'folder');
  mkdirSync(cwd);
  for (const name of ['a.txt', 'b.txt', '.hidden']) writeFileSync(join(cwd, name), '');
  for (const words of ['send * lunch', 'send --json *', 'net send * lunch', 'chat *']) {
    const command = `cd '${cwd}'; "$0" "$1" ${words}`;
    const { code, stderr } = await stage.other('bash', '-c', command, process.execPath, bin).ended;
    assert.equal(code, 2, words);
    assert.match(stderr, /a\.txt.*b\.txt.* are all files of this folder: .* without quotes\?/, words);
  }
  const quoted = `cd '${cwd}'; "$0" "$1" send "*" a.txt`;
  const { stderr } = await stage.other('bash', '-c', quoted, process.execPath, bin).ended;
  assert.doesNotMatch(stderr, /files of this folder/);
});

test('-q says nothing of what went well, and net knows --json', async (t) => {
  const { run } = scene(t);
  assert.equal((await run('-q', 'names', 'add', 'night-shift')).stdout, '');
  assert.equal((await run('names', 'add', 'day-shift')).stdout, 'added DAY-SHIFT\n');
  const names = (await run('net', 'name', '-j')).stdout.trimEnd().split('\n');
  assert.ok(names.map((line) => JSON.parse(line).name).includes('NIGHT-SHIFT'));
  assert.equal(
    (await run('net', 'name', 'day-shift', '/delete', '--json')).stdout,
    '{"name":"DAY-SHIFT","gone":true}\n',
  );
  assert.equal(
    JSON.parse((await run('net', 'send', '-qj', 'bob', 'x')).stderr).error.code,
    'ERR_MAILSLOT_NOT_FOUND',
  );
});

test('a domain that this computer is not in is an error with the next step, not the name of a computer', async (t) => {
  const { run } = scene(t);
  assert.equal((await run('key', 'new', 'OFFICE', '--interface', 'lo')).code, 0);
  for (const words of [
    ['send', '--domain', 'LAB', 'x'],
    ['net', 'send', '/domain:LAB', 'x'],
  ]) {
    const { code, stderr } = await run(...words);
    assert.equal(code, 1);
    assert.match(stderr, /not in a domain LAB, but in OFFICE: .*mailslot key install/);
  }
});

test('a message without a text is an error that says so', async (t) => {
  const { run, feed } = scene(t);
  for (const { code, stderr } of [await run('send', 'bob', ''), await feed('\n', 'send', 'bob')]) {
    assert.equal(code, 2);
    assert.match(stderr, /the message has no text/);
  }
});
