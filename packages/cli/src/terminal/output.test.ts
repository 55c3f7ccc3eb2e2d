import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMailslot, sendMessage } from 'mailslot';
import { intoDomain, serving } from '../testing/domain.js';
import { bin, type Scene, scene } from '../testing/scene.js';
import { until } from '../testing/until.js';
import { offer } from './output.js';

const linux = { skip: process.platform === 'linux' ? false : 'needs /dev/full and multicast on loopback' };

test('every command ends quietly when its reader has gone', async (t) => {
  const stage = scene(t);
  const slot = await createMailslot('a', { root: stage.root });
  t.after(() => slot.close());
  for (const words of [
    '--help',
    '--version',
    'help listen',
    'listen --help',
    'key new --help',
    'completion bash',
    'man',
    'list',
    'list --json',
    'list --watch',
    'info a',
    'doctor',
  ]) {
    assert.deepEqual(await gone(stage, words), { stdout: '0\n', stderr: '' }, words);
  }
});

test('what it did is done although nobody reads what it says of it', linux, async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  await serving(stage);
  assert.deepEqual(await gone(stage, 'key new OFFICE'), { stdout: '0\n', stderr: '' });
  assert.match((await stage.run('status')).stdout, /OFFICE, key \w+, understands/);
});

test('a disk that is full is told in words, with exit code 1', linux, async (t) => {
  const stage = scene(t);
  const slot = await createMailslot('a', { root: stage.root });
  t.after(() => slot.close());
  for (const words of ['--help', '--version', 'man', 'list', 'info a', 'names']) {
    const command = `"$0" "$1" ${words} > /dev/full; echo $?`;
    const { stdout, stderr } = await stage.other('bash', '-c', command, process.execPath, bin).ended;
    assert.deepEqual(
      { stdout, stderr },
      { stdout: '1\n', stderr: 'mailslot: cannot write to standard output: the disk is full\n' },
      words,
    );
  }
});

test('listen goes on when nobody reads its warnings, and its exit code stays', async (t) => {
  const stage = scene(t);
  const heard = join(stage.root, 'heard');
  const listening = await stage.listen('a', '--count', '2', '--exec', `cat >> '${heard}'; exit 3`);
  listening.child.stderr.destroy();
  for (const text of ['one', 'two']) await sendMessage('a', text, { root: stage.root });
  assert.equal((await listening.ended).code, 0);
  assert.equal(readFileSync(heard, 'utf8'), 'onetwo');

  const late = stage.start('listen', 'b', '--remote', 'domain', '--timeout', '500ms');
  late.child.stderr.destroy();
  assert.equal((await late.ended).code, 3);
});

test('serve goes on when nobody reads its output or its warnings', async (t) => {
  const stage = scene(t);
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS']) delete stage.env[name];
  const heard = join(stage.root, 'heard');
  const people = await serving(stage, '--popups', '--exec', `cat >> '${heard}'; exit 3`);
  people.child.stderr.destroy();
  people.child.stdout.destroy();
  for (const text of ['one', 'two', 'three']) {
    assert.equal((await stage.run('send', '*', '--level', 'alert', text)).code, 0);
  }
  while (!existsSync(heard) || !readFileSync(heard, 'utf8').includes('three')) {
    assert.equal(people.child.exitCode, null);
    await stage.run('--version');
  }
  people.child.kill('SIGTERM');
  assert.equal((await people.ended).signal, 'SIGTERM');
});

test('serve starts and goes on although its standard output is full or closed', linux, async (t) => {
  const stage = scene(t);
  const command = '"$0" "$1" serve > /dev/full 2>/dev/full & wait $!';
  const shell = stage.other('bash', '-c', command, process.execPath, bin);
  await until(
    () => stage.run('status'),
    ({ code }) => code === 0 || shell.child.exitCode !== null,
  );
  const { pid } = JSON.parse((await stage.run('status', '--json')).stdout);
  process.kill(pid);
  assert.equal((await shell.ended).code, 143);
});

test('for a reader who does not read nothing is kept without a bound', () => {
  const taken: string[] = [];
  const stream = { writableLength: 0, listenerCount: () => 1, write: (text: string) => taken.push(text) };
  offer('a', stream as never);
  stream.writableLength = 1_000_000;
  offer('b', stream as never);
  assert.deepEqual(taken, ['a']);
});

/** Runs it with an output that nobody reads; prints its exit code. */
async function gone(stage: Scene, words: string): Promise<{ stdout: string; stderr: string }> {
  // The reader ends first, so that the first line already finds nobody.
  const command = `exec 3>&1; { sleep 0.1; "$0" "$1" ${words}; echo $? >&3; } | true`;
  const { stdout, stderr } = await stage.other('bash', '-c', command, process.execPath, bin).ended;
  return { stdout, stderr };
}
