import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messengerThere } from './testing/messenger.js';
import { scene } from './testing/scene.js';

test('without a domain: to everybody here, to a name, and an error with the next step when nobody has it', async (t) => {
  const stage = scene(t);
  stage.env['MAILSLOT_COMPUTER'] = 'ALPHA';
  const nobody = await stage.run('send', 'ALPHA', 'hello');
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /nobody on this computer is called ALPHA.*mailslot serve --page/);

  const messenger = await messengerThere(stage);
  const told = 'on this computer, which is in no domain\n';
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
  const swallowed = await run('send', '--wait-read', 'bob', 'x');
  assert.equal(swallowed.code, 2);
  assert.match(swallowed.stderr, /"bob" is not a duration.*--wait-read stands at the end/);
  assert.equal((await run('send', 'bob', 'x'.repeat(60_001))).code, 1);
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
