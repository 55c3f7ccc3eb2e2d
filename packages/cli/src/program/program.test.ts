import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bin, scene } from '../testing/scene.js';
import { createProgram } from './program.js';
import { VERSION } from './version.js';

test('--version tells the version of the package', async (t) => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(VERSION, version);
  const { code, stdout, stderr } = await scene(t).run('--version');
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('help of the program and of each command, with examples, is on standard output', async (t) => {
  const { run } = scene(t);
  const commands = createProgram().commands.map((command) => command.name());
  assert.deepEqual(commands, [
    'listen',
    'write',
    'list',
    'info',
    'send',
    'inbox',
    'chat',
    'names',
    'net',
    'key',
    'nats',
    'serve',
    'computers',
    'status',
    'doctor',
    'policy',
    'completion',
    'man',
  ]);
  for (const words of [
    ['--help'],
    ['help'],
    ...commands.flatMap((name) => [
      [name, '--help'],
      ['help', name],
    ]),
  ]) {
    const { code, stdout, stderr } = await run(...words);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, words.join(' '));
    assert.match(stdout, /^Usage: mailslot/);
    if (!words.includes('completion') && !words.includes('man'))
      assert.match(stdout, /^Examples:\n {2}\$ mailslot /m);
  }
});

test('every help tells of --root, and the commands stand in groups', async (t) => {
  const { run } = scene(t);
  for (const words of [['list'], ['key', 'new'], ['net', 'send'], ['inbox', 'read']]) {
    assert.match(
      (await run(...words, '--help')).stdout,
      /^Global Options:\n {2}--root <dir> /m,
      words.join(' '),
    );
  }
  const { stdout } = await run('--help');
  const titles = ['Slots of this computer:', 'Messages to people:', 'Other computers:', 'This program:'];
  const places = titles.map((title) => stdout.indexOf(`\n${title}\n`));
  assert.ok(places.every((place, at) => place > (places[at - 1] ?? 0)));
  assert.ok(!stdout.includes('\x1b'));
  assert.equal((await run('-v')).stdout, `${VERSION}\n`);
});

test('no command: the help on standard error and exit code 2', async (t) => {
  const { code, stdout, stderr } = await scene(t).run();
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.match(stderr, /^Usage: mailslot/);
});

test('what is not known is refused in one line, with what may be meant', async (t) => {
  const { run } = scene(t);
  assert.deepEqual(await run('lisst').then(({ code, stderr }) => ({ code, stderr })), {
    code: 2,
    stderr: "mailslot: unknown command 'lisst' (Did you mean list?)\n",
  });
  const { code, stderr } = await run('list', '--jsn', '--json');
  assert.equal(code, 2);
  assert.deepEqual(JSON.parse(stderr), {
    error: {
      code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
      message: "unknown option '--jsn' (Did you mean --json?)",
    },
  });
});

test('an action that a command does not have is not one argument too many', async (t) => {
  const { run } = scene(t);
  const stderr = `mailslot: unknown command 'rm': after "mailslot names" comes add or remove\n`;
  for (const words of [
    ['names', 'rm', 'night'],
    ['names', '--json', 'rm'],
  ]) {
    const ended = await run(...words);
    assert.equal(ended.code, 2);
    assert.ok(ended.stderr.includes("unknown command 'rm'"), ended.stderr);
  }
  assert.equal((await run('names', 'rm', 'night')).stderr, stderr);
  // What takes no action has too many arguments.
  assert.match((await run('man', 'listen')).stderr, /too many arguments for 'man'/);
  assert.match((await run('names', 'add', 'a', 'b')).stderr, /too many arguments for 'add'/);
});

test('an error never brings control characters to the terminal', async (t) => {
  const { stderr } = await scene(t).run('write', 'evil\x1b[31m', 'text');
  assert.match(stderr, /^mailslot: no mailslot evil\\x1b\[31m in /);
});

test('no environment at all is enough', async (t) => {
  const { other, root } = scene(t);
  const { code, stderr } = await other('env', '-i', process.execPath, bin, '--root', root, 'list').ended;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: `no mailslots in ${root}\n` });
});

test('help of a command that is not there says which was meant', async (t) => {
  const { code, stderr } = await scene(t).run('help', 'lisen');
  assert.equal(code, 2);
  assert.match(stderr, /unknown command 'lisen' \(Did you mean listen\?\)/);
});

test('an error shows the beginning of what is very long, and what to do', async (t) => {
  const { run } = scene(t);
  for (const json of [[], ['--json']]) {
    const { code, stderr } = await run('key', 'use', 'x'.repeat(100_000), ...json);
    assert.equal(code, 2);
    assert.match(stderr, /there is no key .*xxx … xxx.*"mailslot key list\W/);
    assert.ok(stderr.length < 3000);
  }
});

test('an option with an empty value names nothing', async (t) => {
  const { code, stderr } = await scene(t).run('serve', '--interface', '');
  assert.deepEqual({ code, stderr }, { code: 2, stderr: 'mailslot: one of the values is empty\n' });
});
