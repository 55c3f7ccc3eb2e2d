import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMailslot, sendMessage } from 'mailslot';
import { scene } from '../../testing/scene.js';

test('what a slot says of itself', async (t) => {
  const { run, root } = scene(t);
  const slot = await createMailslot('App/Events', { root, maxMessageSize: 1000, readTimeout: 1500 });
  t.after(() => slot.close());
  await sendMessage('app/events', 'hello', { root });

  const { code, stdout } = await run('info', 'app/events');
  assert.equal(code, 0);
  assert.match(stdout, /^name: +App\/Events$/m);
  assert.match(stdout, new RegExp(`^pid: +${process.pid}$`, 'm'));
  assert.match(stdout, /^waiting: +1 message, the next has 5 bytes$/m);
  assert.match(stdout, /^queue: +69 of 67108864 bytes, when full: block$/m);
  assert.match(stdout, /^message limit: +1000 bytes$/m);
  assert.match(stdout, /^read timeout: +1500ms$/m);
  assert.match(stdout, /^writers: +0$/m);
});

test('--json: the same as one object', async (t) => {
  const { run, root } = scene(t);
  const slot = await createMailslot('a', { root });
  t.after(() => slot.close());
  const { stdout } = await run('info', 'a', '--json');
  assert.equal(stdout.split('\n').length, 2);
  const { name, pid, nextMessageSize, readTimeout, createdAt, access } = JSON.parse(stdout);
  assert.deepEqual(
    { name, pid, nextMessageSize, readTimeout, access },
    { name: 'a', pid: process.pid, nextMessageSize: null, readTimeout: null, access: 'owner' },
  );
  assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
});

test('no slot: exit code 1; none after --wait: 3; one that comes: 0', async (t) => {
  const { run, start, root } = scene(t);
  assert.equal((await run('info', 'a')).code, 1);
  assert.equal((await run('info', 'a', '--wait', '10ms')).code, 3);
  const { ended } = start('info', 'a', '--wait', '20s');
  const slot = await createMailslot('a', { root });
  t.after(() => slot.close());
  assert.equal((await ended).code, 0);
});

test('a name that a terminal would obey is shown escaped', async (t) => {
  const { run, root } = scene(t);
  const slot = await createMailslot('a\x1b[31m', { root });
  t.after(() => slot.close());
  assert.match((await run('info', 'a\x1b[31m')).stdout, /^name: +a\\x1b\[31m$/m);
});
