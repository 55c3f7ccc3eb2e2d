import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messengerThere } from '../../testing/messenger.js';
import { scene } from '../../testing/scene.js';
import { until } from '../../testing/until.js';

test('names are added and removed, and a messenger that runs takes them over', async (t) => {
  const stage = scene(t);
  const { run } = stage;
  stage.env['MAILSLOT_COMPUTER'] = 'ALPHA';
  const before = (await run('names', '--json')).stdout;
  assert.match(before, /^\{"name":"ALPHA","kind":"computer","state":"free"\}$/m);
  assert.equal((await run('names', 'add', 'early')).stdout, 'added EARLY\n');
  const messenger = await messengerThere(stage);
  assert.equal((await run('names', 'add', 'Zoë', '--json')).stdout, '{"name":"ZOË"}\n');
  // The one that runs learns of it by the folder.
  await until(
    async () => (await run('names')).stdout,
    (seen) => /^ZOË +alias +yours$/m.test(seen),
  );
  assert.match((await run('names')).stdout, /^EARLY +alias +yours$/m);
  assert.equal((await run('send', 'zoë', 'hello')).code, 0);
  await messenger.printed('"to":"ZOË"');
  assert.equal((await run('names', 'remove', 'zoë', '--json')).stdout, '{"name":"ZOË","gone":true}\n');
});

test('what cannot be a name, or be removed, is refused', async (t) => {
  const stage = scene(t);
  stage.env['MAILSLOT_COMPUTER'] = 'ALPHA';
  const { run } = stage;
  assert.equal((await run('names', 'add', 'a/b')).code, 2);
  assert.equal((await run('names', 'add', '*')).code, 2);
  const own = await run('names', 'add', 'alpha');
  assert.equal(own.code, 1);
  assert.match(own.stderr, /ALPHA is this computer's name: your messenger has it without being told/);
  const { code, stderr } = await run('names', 'remove', 'alpha');
  assert.equal(code, 1);
  assert.match(stderr, /ALPHA is no name that can be removed/);
});
