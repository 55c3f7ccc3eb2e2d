import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createMailslot, listComputers } from '../index.js';
import { closedAfter } from '../msfs/temp-root.test.support.js';
import { computer } from './daemon.test.support.js';

test('where the redirector is in no domain there are no computers, and that is an error', async (t) => {
  const { root } = await computer(t, 'ALPHA', []);
  await assert.rejects(listComputers({ root }), {
    code: 'ERR_MAILSLOT_REMOTE_DISABLED',
    message: /in no domain.*mailslot key new/,
  });
});

test('a slot for other computers says that there are none', async (t) => {
  const { root } = await computer(t, 'ALPHA', []);
  const warned = once(process, 'warning', { signal: AbortSignal.timeout(20_000) });
  closedAfter(t, await createMailslot('alerts', { root, remote: 'domain' }));
  const [{ message }] = await warned;
  assert.match(message, /alerts hears nothing from other computers for now: this computer is in no domain/);
});
