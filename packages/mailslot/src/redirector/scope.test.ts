import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin, SCOPES } from '../name/scope.js';
import { datagram } from './datagrams.test.support.js';
import { Hub, office, started, testPorts } from './hub.test.support.js';

test('a scope holds what is as far or nearer', () => {
  const held = SCOPES.map((ceiling) => SCOPES.filter((reach) => isWithin(reach, ceiling)));
  assert.deepEqual(held, [['host'], ['host', 'lan'], ['host', 'lan', 'site']]);
});

test('a message goes no further than its scope', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const domains = office(lan.transport(), nats.transport({ reach: 'site' }));
  const alpha = await started(t, 'ALPHA', { domains, ports });
  alpha.attach();
  for (const scope of SCOPES) assert.ok(alpha.send('//*/mailslot/a', scope, scope));
  const carried = [lan, nats].map(({ wire }) => wire.map(({ data }) => Buffer.from(data).toString()));
  assert.deepEqual(carried, [['lan', 'site'], ['site']]);
  assert.deepEqual(alpha.got, ['host', 'lan', 'site']);
  assert.equal(alpha.redirector.statistics().refused['no-transport'], 0);
});

test('another computer is not within this host', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const alpha = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
  alpha.attach();
  assert.ok(alpha.send('//alpha/mailslot/a', 'own', 'host'));
  assert.deepEqual(alpha.got, ['own']);
  assert.equal(hub.wire.length, 0);
  assert.throws(() => alpha.send('//BETA/mailslot/a', 'far', 'host'), {
    code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
    message: /stays on this one; give it the scope "lan" or "site"/,
  });
});

test('a slot takes nothing from further away than its scope, and a far transport does not hear of it', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const [near, far] = [lan.transport(), nats.transport({ reach: 'site' })];
  const alpha = await started(t, 'ALPHA', { domains: office(near, far), ports });
  for (const scope of SCOPES) alpha.attach(scope, 'domain', scope);
  await Promise.resolve();
  assert.deepEqual([near.wanted, far.wanted], [new Set(['lan', 'site']), new Set(['site'])]);
  const stamp = ports.clock.now();
  SCOPES.forEach((slot, at) => {
    near.hear(datagram(stamp, { counter: 2 * at + 1, slot }));
    far.hear(datagram(stamp, { counter: 2 * at + 2, slot }));
  });
  assert.deepEqual(alpha.got, ['3', '5', '6']);
  assert.deepEqual(alpha.dropped, { scope: 3 });
});

test('a message of a LAN that comes from further away is not taken', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const far = hub.transport({ reach: 'site' });
  const alpha = await started(t, 'ALPHA', { domains: office(far), ports });
  alpha.attach();
  far.hear(datagram(ports.clock.now(), { scope: 'lan' }));
  assert.deepEqual([alpha.got, alpha.dropped], [[], { scope: 1 }]);
});
