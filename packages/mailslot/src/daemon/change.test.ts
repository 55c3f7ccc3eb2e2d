import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { callRedirector, createMailslot, openMailslot, startRedirector } from '../index.js';
import { PLACE_CHECK_MS } from '../limits.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { folderOf } from '../msfs/namespace/folder-finder.js';
import { REDIRECTOR } from '../msfs/namespace/reserved.js';
import { closedAfter, portsWith, temporaryRoot } from '../msfs/temp-root.test.support.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { computer, newDomain } from './daemon.test.support.js';
import { Runner } from './runner.js';
import { startUntilIdle } from './start.js';

const [ONE, TWO] = [newDomain('ONE').config, newDomain('TWO').config];

test('a change that cannot be used changes nothing, and whoever asked for it is told', async (t) => {
  const { root, redirector } = await computer(t, 'ALPHA', [ONE]);
  const slot = closedAfter(t, await createMailslot('a', { root, remote: 'domain' }));
  const client = closedAfter(t, await openMailslot('//*/mailslot/a', { root }));
  const { instance } = redirector.status();
  writeFileSync(`${root}/policy`, 'this is no rule\n');
  for (const change of [
    { domains: [ONE, TWO], policy: 'policy' },
    { domains: [ONE], policy: 'policy' },
    { domains: [TWO], policy: 'not-there' },
    { domains: 'none' },
  ]) {
    configure(root, change);
    await assert.rejects(reload(root), { code: 'ERR_MAILSLOT_UNUSABLE_CONFIG' });
    assert.deepEqual(redirector.domains, ['ONE']);
    assert.equal(redirector.status().instance, instance);
    await client.write('still here');
    assert.equal((await slot.read()).text(), 'still here');
  }
});

test('clients, slots and those who watch stay while the domains change', async (t) => {
  const { root, redirector } = await computer(t, 'ALPHA', [ONE]);
  const slot = closedAfter(t, await createMailslot('a', { root, remote: 'domain' }));
  const client = closedAfter(t, await openMailslot('//*/mailslot/a', { root }));
  const watching = new AbortController();
  t.after(() => watching.abort());
  const self = callRedirector({ do: 'self' }, { root, signal: watching.signal });
  assert.deepEqual((await self.next()).value, { computer: 'ALPHA', domains: ['ONE'] });
  configure(root, { domains: [TWO, ONE] });
  const written = client.writeMany(['one', 'two', 'three']);
  await Promise.all([written, reload(root)]);
  await client.write('four');
  for (const text of ['one', 'two', 'three', 'four']) assert.equal((await slot.read()).text(), text);
  assert.deepEqual((await self.next()).value, { computer: 'ALPHA', domains: ['TWO', 'ONE'] });
  assert.deepEqual(redirector.domains, ['TWO', 'ONE']);
  await client.write('five');
  assert.deepEqual((await slot.read()).sender.domain, 'TWO');
});

test('a client whose domain is gone is cut off with the reason', async (t) => {
  const { root } = await computer(t, 'ALPHA', [ONE]);
  const client = await openMailslot('//ONE/mailslot/a', { root });
  configure(root, { domains: [] });
  await reload(root);
  await assert.rejects(
    client.write('x').then(() => client.write('y')),
    {
      code: 'ERR_MAILSLOT_REMOTE_DISABLED',
    },
  );
});

test('one that was started on first need makes way for one that is started on purpose; its slots come along', async (t) => {
  const root = temporaryRoot(t);
  configure(root, { computer: 'ALPHA', domains: [ONE] });
  const config = { path: `${root}/config.json` };
  const onDemand = closedAfter(t, await startUntilIdle({ root, config }));
  const slot = closedAfter(t, await createMailslot('a', { root, remote: 'domain' }));
  assert.equal(onDemand.status().isOnDemand, true);
  const explicit = closedAfter(t, await startRedirector({ root, config: { ...config, computer: 'CHOSEN' } }));
  await onDemand.ended;
  assert.equal(explicit.status().isOnDemand, false);
  const status = await callRedirector({ do: 'status' }, { root }).next();
  assert.equal(status.value?.['computer'], 'CHOSEN');
  const client = closedAfter(t, await openMailslot('//*/mailslot/a', { root }));
  // Until the slot is back nobody hears.
  let message: unknown;
  while (message === undefined) {
    await client.write('x');
    message = await slot.read({ timeout: 20 }).catch(() => undefined);
  }
});

test('a second one that is started on purpose is told which runs, since when, and what to do', async (t) => {
  const { root, redirector } = await computer(t, 'ALPHA', []);
  const since = new Date(redirector.status().startedAt as number).toISOString();
  for (const start of [startRedirector, startUntilIdle]) {
    await assert.rejects(start({ root }), {
      code: 'ERR_MAILSLOT_ALREADY_EXISTS',
      message: `a redirector already runs in ${root} (pid ${process.pid}, since ${since}); use that one, end it first (systemd: "systemctl stop mailslot"), or set MAILSLOT_ROOT to another folder`,
    });
  }
  assert.equal(redirector.status().computer, 'ALPHA');
});

test('one whose place another has taken ends, and says why', {
  skip: process.platform === 'win32' && 'a pipe has no place to lose',
}, async (t) => {
  const root = temporaryRoot(t);
  configure(root, { computer: 'ALPHA', domains: [] });
  const clock = new VirtualClock();
  const config = { path: `${root}/config.json` };
  const first = await Runner.start({ root, config }, { isOnDemand: false }, portsWith(clock));
  closedAfter(t, first);
  renameSync(folderOf(root, REDIRECTOR), `${root}/gone`);
  closedAfter(t, await startRedirector({ root, config }));
  clock.advance(PLACE_CHECK_MS);
  await assert.rejects(first.ended, { code: 'ERR_MAILSLOT_ALREADY_EXISTS' });
});

test('one whose place was removed takes it again, and its clients stay', {
  skip: process.platform === 'win32' && 'a pipe has no place to lose',
}, async (t) => {
  const root = temporaryRoot(t);
  configure(root, { computer: 'ALPHA', domains: [ONE] });
  const clock = new VirtualClock();
  const runner = await Runner.start(
    { root, config: { path: `${root}/config.json` } },
    { isOnDemand: false },
    portsWith(clock),
  );
  closedAfter(t, runner);
  const client = closedAfter(t, await openMailslot('//*/mailslot/a', { root }));
  await client.write('here');
  rmSync(folderOf(root, REDIRECTOR), { recursive: true });
  clock.advance(PLACE_CHECK_MS);
  while (findSlots(root).locate(REDIRECTOR) === undefined) await new Promise(setImmediate);
  await client.write('still here');
  const status = await callRedirector({ do: 'status' }, { root }).next();
  assert.equal(status.value?.['computer'], 'ALPHA');
});

function configure(root: string, file: object): void {
  writeFileSync(`${root}/config.json`, JSON.stringify({ computer: 'ALPHA', ...file }), { mode: 0o600 });
}

async function reload(root: string): Promise<void> {
  for await (const _ of callRedirector({ do: 'reload' }, { root }));
}
