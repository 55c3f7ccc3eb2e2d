import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NatsFactory } from '../config/nats-settings.js';
import { callRedirector, createMailslot, listComputers, openMailslot, sendMessage } from '../index.js';
import { closedAfter } from '../msfs/temp-root.test.support.js';
import { computer, newDomain } from './daemon.test.support.js';
import { fakeNats } from './fake-nats.test.support.js';

const nats = { servers: ['nats://a.example:4222'] };

test('without a LAN a domain goes over NATS alone', async (t) => {
  const { maker, setups } = fakeNats();
  const domain = newDomain('TEST', { lan: false, nats }).config;
  const [alpha, bravo] = [
    await computer(t, 'ALPHA', [domain], maker),
    await computer(t, 'BRAVO', [domain], maker),
  ];
  assert.deepEqual(
    setups.map((setup) => [setup.domain, setup.computer, setup.settings, setup.keys.inUse?.id.length]),
    [
      ['TEST', 'ALPHA', nats, 8],
      ['TEST', 'BRAVO', nats, 8],
    ],
  );
  const slot = closedAfter(t, await createMailslot('alerts', { root: bravo.root, remote: 'domain' }));
  await sendMessage('//BRAVO/mailslot/alerts', 'from afar', { root: alpha.root });
  const { sender, text } = await slot.read().then((message) => ({ ...message, text: message.text() }));
  assert.equal(text, 'from afar');
  assert.deepEqual([sender.via, sender.computer, sender.authenticated], ['nats', 'ALPHA', true]);
  const seen = (await listComputers({ root: alpha.root })).find(({ name }) => name === 'BRAVO');
  assert.deepEqual(seen?.transports, ['nats']);

  const [status] = alpha.redirector.status().domains;
  assert.equal(status?.lan, undefined);
  assert.equal(status?.nats?.state, 'connected');
});

test('who writes more than the server takes now is told, when opening and later', async (t) => {
  const { maker } = fakeNats();
  let takes = 5_000;
  const small: NatsFactory = (setup, ports) => Object.assign(maker(setup, ports), { limitTo: () => takes });
  const domain = newDomain('TEST', { lan: false, nats }).config;
  const { root } = await computer(t, 'ALPHA', [domain], small);
  const here = closedAfter(t, await createMailslot('alerts', { root, remote: 'domain' }));
  const tooLong = { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE', message: /5000/ };
  await assert.rejects(sendMessage('//*/mailslot/alerts', 'x'.repeat(5_001), { root }), tooLong);
  takes = 60_000;
  const client = await openMailslot('//*/mailslot/alerts', { root });
  await client.write('y'.repeat(5_001));
  takes = 5_000;
  await client.write('short');
  await assert.rejects(client.write('z'.repeat(5_001)), tooLong);
  await assert.rejects(client.write('after it'), tooLong, 'the client is cut off, with the reason');
  const again = closedAfter(t, await openMailslot('//*/mailslot/alerts', { root }));
  await again.write('again');
  const heard = [];
  while (heard.at(-1) !== 'again') heard.push((await here.read({ timeout: 5_000 })).text());
  assert.deepEqual(heard, ['y'.repeat(5_001), 'short', 'again']);
});

test('a message over both arrives once', async (t) => {
  const { maker } = fakeNats();
  const domain = newDomain('TEST', { lan: { interfaces: ['lo'] }, nats }).config;
  const [alpha, bravo] = [
    await computer(t, 'ALPHA', [domain], maker),
    await computer(t, 'BRAVO', [domain], maker),
  ];
  const slot = closedAfter(t, await createMailslot('alerts', { root: bravo.root, remote: 'domain' }));
  const client = closedAfter(t, await openMailslot('//*/mailslot/alerts', { root: alpha.root }));
  const texts = Array.from({ length: 200 }, (_, number) => `m${number}`);
  await client.writeMany(texts);
  const read: string[] = [];
  while (read.length < texts.length) read.push((await slot.read()).text());
  assert.deepEqual(read.toSorted(), texts.toSorted());
  await assert.rejects(slot.read({ timeout: 50 }), { code: 'ERR_MAILSLOT_TIMEOUT' });
});

test('a scope is a ceiling: of a message when it is sent, of a slot when it comes', async (t) => {
  const { maker } = fakeNats();
  const domain = newDomain('TEST', { lan: false, nats }).config;
  const [alpha, bravo] = [
    await computer(t, 'ALPHA', [domain], maker),
    await computer(t, 'BRAVO', [domain], maker),
  ];
  const { root } = bravo;
  const near = closedAfter(t, await createMailslot('near', { root, remote: 'domain', scope: 'lan' }));
  const far = closedAfter(t, await createMailslot('far', { root, remote: 'domain' }));
  const own = closedAfter(t, await createMailslot('far', { root: alpha.root, remote: 'domain' }));
  const send = (slot: string, text: string, scope?: 'host' | 'lan' | 'site') =>
    sendMessage(`//*/mailslot/${slot}`, text, { root: alpha.root, scope });
  await send('near', 'too far for the slot');
  await send('far', 'stays on its LAN', 'lan');
  await send('far', 'stays here', 'host');
  await send('far', 'goes anywhere', 'site');
  assert.equal((await far.read()).text(), 'goes anywhere');
  const here = [await own.read(), await own.read(), await own.read()].map((message) => message.text());
  assert.deepEqual(here, ['stays on its LAN', 'stays here', 'goes anywhere']);
  assert.equal(near.tryRead(), undefined);

  const toOther = openMailslot('//BRAVO/mailslot/far', { root: alpha.root, scope: 'host' });
  await assert.rejects(toOther, { code: 'ERR_MAILSLOT_INVALID_ARGUMENT', message: /scope "lan" or "site"/ });
});

test('what brings no NATS says so, and what to do', async (t) => {
  const warned = once(process, 'warning');
  const { root, redirector } = await computer(t, 'ALPHA', [
    newDomain('TEST', { lan: { interfaces: ['lo'] }, nats }).config,
  ]);
  const [{ message }] = await warned;
  assert.match(message, /domain TEST is configured for NATS.*"mailslot serve"/);
  const { value } = await callRedirector({ do: 'status' }, { root }).next();
  assert.deepEqual(value?.['domains'][0].nats, { state: 'missing', ...nats });
  assert.equal(redirector.status().domains[0]?.lan?.domain, 'TEST');
});

test('a reload takes over other servers and files; what cannot be used changes nothing', async (t) => {
  const { maker, setups, made } = fakeNats();
  const domain = newDomain('TEST', { lan: false }).config;
  const { root, redirector } = await computer(t, 'ALPHA', [domain], maker);
  const nkey = join(root, 'alpha.nk');
  const put = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600 });
  const configure = (settings: object): void =>
    put(
      join(root, 'config.json'),
      JSON.stringify({ computer: 'ALPHA', domains: [{ ...domain, ...settings }] }),
    );
  const reload = async (): Promise<void> => {
    for await (const _ of callRedirector({ do: 'reload' }, { root }));
  };

  put(nkey, 'SU1');
  configure({ nats: { ...nats, nkey: 'alpha.nk' } });
  await reload();
  await made(1);
  put(nkey, 'SU2');
  await reload();
  await made(2);
  assert.deepEqual(
    setups.map(({ settings }) => settings.nkey),
    ['SU1', 'SU2'],
  );

  configure({ nats: { ...nats, nkey: 'none.nk' } });
  await assert.rejects(reload(), { code: 'ERR_MAILSLOT_UNUSABLE_CONFIG', message: /none\.nk/ });
  assert.equal(redirector.status().domains[0]?.nats?.state, 'connected');
  assert.equal(setups.length, 2);
});
