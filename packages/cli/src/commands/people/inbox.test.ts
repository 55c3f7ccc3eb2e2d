import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messengerThere } from '../../testing/messenger.js';
import { type Scene, scene } from '../../testing/scene.js';
import { until } from '../../testing/until.js';

const EVIL = '\x1b]0;title\x07\x1b[2J\x9b31m\u202e\r\nANNA: \u200b\\';

test('what others send is shown and not obeyed, in lines from which it can be had back', async (t) => {
  const stage = await withMessages(t, EVIL);
  const { stdout } = await stage.run('inbox');
  const text = '\\x1b]0;title\\x07\\x1b[2J\\u009b31m\\u202e\\r\\nANNA: \\u200b\\\\';
  assert.ok(stdout.endsWith(`: ${text}\n`), stdout);
  assert.match(stdout, /^[0-9a-f]{16} {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}new {3}[^\n]*\n$/);
  const json = (await stage.run('inbox', '--json')).stdout;
  assert.match(json, /^[\x20-\x7e]*\n$/);
  assert.equal(JSON.parse(json).text, EVIL);
});

test('60,000 bytes in one line are one line', async (t) => {
  const stage = await withMessages(t, 'x'.repeat(60_000));
  assert.match((await stage.run('inbox')).stdout, /^[^\n]*: x{60000}\n$/);
});

test('the latest, what was searched, what is unread', async (t) => {
  const stage = await withMessages(t, 'one door', 'two', 'three DOORS');
  const texts = async (...options: string[]): Promise<unknown[]> =>
    (await stage.run('inbox', '--json', ...options)).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).text);
  assert.deepEqual(await texts(), ['one door', 'two', 'three DOORS']);
  assert.deepEqual(await texts('--limit', '2'), ['two', 'three DOORS']);
  assert.deepEqual(await texts('--search', 'Door'), ['one door', 'three DOORS']);
  const { id } = JSON.parse((await stage.run('inbox', '--json', '--search', 'two')).stdout);
  assert.equal((await stage.run('inbox', 'read', id)).stdout, '1 confirmed, 2 unread\n');
  assert.deepEqual(await texts('--unread'), ['one door', 'three DOORS']);
  assert.equal((await stage.run('inbox', 'read', 'all', '--json')).stdout, '{"read":2,"unread":0}\n');
  const none = await stage.run('inbox', '--unread');
  assert.deepEqual([none.code, none.stdout, none.stderr], [0, '', 'no messages\n']);
  assert.equal((await stage.run('inbox', '--search', 'zzz')).stderr, 'no message matches\n');
});

test('two that follow show the same, and each message once', async (t) => {
  const stage = scene(t);
  const first = await messengerThere(stage);
  const second = stage.start('inbox', '--follow');
  // It shows what was there before it came, too.
  await stage.run('send', '*', 'before');
  await second.printed('before\n');
  await stage.run('send', '*', 'after');
  await Promise.all([first.printed('"after"'), second.printed('after\n')]);
  first.child.kill('SIGINT');
  const { signal, stdout } = await first.ended;
  assert.equal(signal, 'SIGINT');
  assert.equal(stdout.match(/"before"/g)?.length, 1);
  // The other one takes the names over.
  await until(
    () => stage.run('send', '*', 'later'),
    ({ code }) => code === 0,
  );
  await second.printed('later\n');
});

test('do not disturb', async (t) => {
  const { run } = scene(t);
  assert.match((await run('inbox', 'quiet')).stdout, /^off: /);
  assert.match((await run('inbox', 'quiet', 'on')).stdout, /^on: /);
  assert.match((await run('inbox', 'quiet', '2h')).stdout, /^on until \d{4}-/);
  const { quiet, until } = JSON.parse((await run('inbox', 'quiet', '--json')).stdout);
  assert.equal(quiet, true);
  assert.ok(Date.parse(until) > Date.now());
  assert.equal((await run('inbox', 'quiet', 'off', '--json')).stdout, '{"quiet":false,"until":null}\n');
});

test('what cannot be is refused', async (t) => {
  const { run } = scene(t);
  for (const words of [
    ['--limit', '0'],
    ['--receipts', 'read'],
    ['read'],
    ['read', '0011223344556677'],
    ['read', 'all', '0011223344556677'],
    ['quiet', 'please'],
  ]) {
    assert.equal((await run('inbox', ...words)).code, 2, words.join(' '));
  }
});

/** A history with these messages, from a messenger that has ended. */
async function withMessages(t: Parameters<typeof scene>[0], ...texts: string[]): Promise<Scene> {
  const stage = scene(t);
  const messenger = await messengerThere(stage);
  for (const text of texts) assert.equal((await stage.run('send', '*', '--', text)).code, 0);
  await until(
    async () => (await stage.run('inbox', '--json')).stdout,
    (seen) => seen.split('\n').length > texts.length,
  );
  messenger.child.kill('SIGTERM');
  await messenger.ended;
  return stage;
}
