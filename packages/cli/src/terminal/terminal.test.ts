import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMailslot, sendMessage } from 'mailslot';
import { needs } from '../testing/programs.js';
import { bin, type Running, type Scene, scene, slotIsThere } from '../testing/scene.js';

// The `script` of util-linux gives a program a terminal; those of other systems take other options.
const linux = process.platform === 'linux' ? needs('script') : { skip: 'needs the script of util-linux' };

test('what others send is shown on a terminal, not obeyed by it', linux, async (t) => {
  const stage = scene(t);
  const { ended, printed } = onTerminal(stage, 'listen evil --count 2');
  await slotIsThere('evil', stage.root);
  await sendMessage('evil', '\x1b]0;title\x07\x1b[2J\x9b31m\u202e\r\n\x08', { root: stage.root });
  await sendMessage('evil', Buffer.from([0x9b, 0x1b, 0xff]), { root: stage.root });
  const { code, stdout } = await ended;
  await printed('listening on evil, end with Ctrl-C');
  assert.equal(code, 0);
  assertTame(stdout);
  assert.ok(stdout.includes('\\x1b]0;title\\x07\\x1b[2J\\u009b31m\\u202e\\r\\n\\x08\r\n'));
  assert.ok(stdout.includes('\\x9b\\x1b\\xff\r\n'));
});

test('JSON on a terminal is as tame', linux, async (t) => {
  const stage = scene(t);
  const { ended } = onTerminal(stage, 'listen evil --count 1 --json');
  await slotIsThere('evil', stage.root);
  await sendMessage('evil', '\x7f\u009b\u202e\x1b', { root: stage.root });
  const { stdout } = await ended;
  assertTame(stdout);
  assert.ok(stdout.includes('"text":"\\u007f\\u009b\\u202e\\u001b"'));
});

test('--raw is refused on a terminal, with exit code 2', linux, async (t) => {
  const { code, stdout } = await onTerminal(scene(t), 'listen a --raw').ended;
  assert.equal(code, 2);
  assert.match(stdout, /^mailslot: --raw .* terminal/);
});

test('names of slots and errors are tame too', linux, async (t) => {
  const stage = scene(t);
  const slot = await createMailslot('\x1b[31mred', { root: stage.root });
  t.after(() => slot.close());
  for (const command of ['list', 'list --json', 'list --names', `info '\x1b[31mred'`, `info '\x1b[31mno'`]) {
    assertTame((await onTerminal(stage, command).ended).stdout);
  }
});

test('a message can be typed', linux, async (t) => {
  const stage = scene(t);
  const slot = await createMailslot('a', { root: stage.root });
  t.after(() => slot.close());
  const { child, ended, printed } = onTerminal(stage, 'write a');
  await printed('type the message, end with Ctrl-D');
  child.stdin.write('hello\n\x04');
  assert.equal((await ended).code, 0);
  assert.equal((await slot.read()).text(), 'hello\n');
});

test('a write that takes long tells how far it is', linux, async (t) => {
  const stage = scene(t);
  const slot = await createMailslot('a', { root: stage.root, queue: { bytes: 100 } });
  t.after(() => slot.close());
  await sendMessage('a', 'x'.repeat(36), { root: stage.root });
  const { ended, printed } = onTerminal(stage, 'write a blocked');
  await printed('0 messages, 0 bytes written');
  await slot.read();
  const { code, stdout } = await ended;
  assert.equal(code, 0);
  assert.ok(stdout.endsWith('\r\x1b[K'));
});

test('list --watch is redrawn in place', linux, async (t) => {
  const stage = scene(t);
  const slot = await createMailslot('a', { root: stage.root });
  t.after(() => slot.close());
  const { child, printed, ended } = onTerminal(stage, 'list --watch');
  await printed(`${process.pid}        0`);
  await sendMessage('a', 'hello', { root: stage.root });
  await printed(`${process.pid}        1`);
  child.stdin.write('\x03');
  const { stdout } = await ended;
  assert.ok(stdout.includes('\x1b[2A\rNAME'));
});

test('a dumb terminal gets lines and no escape sequences', linux, async (t) => {
  const stage = scene(t);
  stage.env['TERM'] = 'dumb';
  const slot = await createMailslot('a', { root: stage.root, queue: { bytes: 100 } });
  t.after(() => slot.close());
  const outputs: string[] = [];
  const watching = onTerminal(stage, 'list --watch');
  await watching.printed(`${process.pid}        0`);
  await sendMessage('a', 'x'.repeat(36), { root: stage.root });
  await watching.printed(`${process.pid}        1`);
  watching.child.stdin.write('\x03');
  outputs.push((await watching.ended).stdout);

  const writing = onTerminal(stage, 'write a blocked --timeout 1500ms');
  outputs.push((await writing.ended).stdout);

  const chat = onTerminal(stage, 'chat');
  await chat.printed('-- everybody on this computer alone');
  assert.equal((await stage.run('send', '*', 'from elsewhere\x1b[2J')).code, 0);
  await chat.printed(': from elsewhere\\x1b[2J');
  chat.child.stdin.write('and back\n');
  await chat.printed(': and back');
  chat.child.stdin.write('\x04');
  const { code, stdout } = await chat.ended;
  assert.equal(code, 0);
  for (const output of [...outputs, stdout]) assertTame(output);
});

test('colour is for terminals that have it, and for people who want it', linux, async (t) => {
  const stage = scene(t);
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI']) delete stage.env[name];
  const isColoured = async (words: string, env: Record<string, string>): Promise<boolean> => {
    delete stage.env['NO_COLOR'];
    Object.assign(stage.env, env);
    return (await onTerminal(stage, words).ended).stdout.includes('\x1b[');
  };
  for (const words of ['doctor', '--help', 'key new --help']) {
    assert.ok(await isColoured(words, { TERM: 'xterm' }), words);
    assert.ok(!(await isColoured(words, { NO_COLOR: '1' })), words);
    assert.ok(!(await isColoured(words, { TERM: 'dumb' })), words);
    assert.ok(!(await stage.run(...words.split(' '))).stdout.includes('\x1b'), words);
  }
});

/** Runs the program with a terminal as its standard input, output and error; the terminal's end is the outcome. */
function onTerminal(stage: Scene, command: string): Running {
  return stage.other(
    'script',
    '-qec',
    `stty -echo cols 120 rows 24; '${process.execPath}' '${bin}' ${command}`,
    '/dev/null',
  );
}

function assertTame(output: string): void {
  for (const character of ['\x1b', '\x07', '\x08', '\x7f', '\u009b', '\u202e', '\ufffd']) {
    assert.ok(!output.includes(character), JSON.stringify(output));
  }
}
