import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { newDomain } from '../daemon/daemon.test.support.js';
import { createMailslot, openMailslot, startRedirector } from '../index.js';
import { closedAfter, stateOf, temporaryRoot } from '../msfs/temp-root.test.support.js';

test('when the redirector ends, the clients of other computers are told, and the slots stay', {
  timeout: 20_000,
}, async (t) => {
  const root = temporaryRoot(t);
  const path = `${root}/config.json`;
  writeFileSync(path, JSON.stringify({ computer: 'ALPHA', domains: [newDomain().config] }), {
    mode: 0o600,
  });
  const redirector = await startRedirector({ root, config: { path } });
  closedAfter(t, redirector);
  const slot = closedAfter(t, await createMailslot('alerts', { root, remote: 'domain' }));
  const remote = closedAfter(t, await openMailslot('//*/mailslot/alerts', { root }));
  const local = closedAfter(t, await openMailslot('alerts', { root }));
  await remote.write('a');
  await slot.read();
  await redirector.close();
  assert.equal((await remote.closed)?.code, 'ERR_MAILSLOT_CLOSED');
  await local.write('b');
  assert.equal(await stateOf(slot.closed), 'pending');
  assert.equal(await stateOf(local.closed), 'pending');
});
