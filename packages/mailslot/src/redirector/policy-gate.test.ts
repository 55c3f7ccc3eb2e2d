import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_POLICY_BUCKETS, STRANGERS_TOGETHER } from '../limits.js';
import { parseName } from '../name/slot-name.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { datagram } from './datagrams.test.support.js';
import { Hub, office, started, testPorts } from './hub.test.support.js';
import { ALLOW_ALL, parsePolicy } from './policy.js';
import { PolicyGate } from './policy-gate.js';

test('what may come in: by sender, size and rate, counted by reason; services are not asked', async (t) => {
  const ports = testPorts();
  const transport = new Hub().transport();
  const policy = parsePolicy(`{ "rules": [
    { "from": "omega", "to": "A", "direction": "in", "maxSize": 3, "perSecond": 2, "burst": 3 }
  ], "default": "deny" }`);
  const host = await started(t, 'ALPHA', { domains: office(transport), ports, policy });
  for (const slot of ['a', 'b', '$echo']) host.attach(slot);
  let counter = 0;
  const hear = (
    fields: { slot?: string; from?: string; instance?: string; data?: Uint8Array } = {},
  ): void => {
    counter += 1;
    transport.hear(datagram(ports.clock.now(), { counter, ...fields }));
  };
  hear({ slot: 'b' });
  hear({ from: 'PSI', instance: 'eeeeeeeeeeeeeeee' });
  hear({ data: Buffer.from('long') });
  hear({ slot: '$echo', data: Buffer.from('long') });
  assert.deepEqual(host.got, ['long']);
  for (let round = 0; round < 5; round += 1) hear();
  assert.deepEqual(host.dropped, { 'not-allowed': 2, 'too-large': 1, rate: 2 });
  ports.clock.advance(500);
  for (let round = 0; round < 2; round += 1) hear();
  assert.equal(host.dropped['rate'], 3);
  host.redirector.policy = ALLOW_ALL;
  hear({ slot: 'b' });
  assert.equal(host.got.length, 6);
});

test('what may go out: refused when it is opened; later counted', async (t) => {
  const ports = testPorts();
  const hub = new Hub();
  const policy = parsePolicy(`{ "rules": [
    { "to": "//*/mailslot/alerts", "direction": "out", "maxSize": 5, "perSecond": 1 },
    { "to": "//*/mailslot/*", "direction": "out", "allow": false }
  ] }`);
  const { redirector } = await started(t, 'ALPHA', { domains: office(hub.transport()), ports, policy });
  assert.throws(() => redirector.destinationOf(parseName('//*/mailslot/x')), {
    code: 'ERR_MAILSLOT_ACCESS_DENIED',
  });
  redirector.destinationOf(parseName('//BETA/mailslot/x'));
  redirector.destinationOf(parseName('//*/mailslot/$browse'));
  const alerts = redirector.destinationOf(parseName('//*/mailslot/Alerts'));
  assert.equal(alerts.messageLimit, 5);
  for (let round = 0; round < 3; round += 1) assert.ok(redirector.send(alerts, Buffer.alloc(5)));
  assert.equal(redirector.statistics().refused.rate, 2);
  redirector.policy = parsePolicy('{ "rules": [{ "maxSize": 1 }] }');
  assert.ok(redirector.send(alerts, Buffer.alloc(5)));
  redirector.policy = parsePolicy('{ "default": "deny" }');
  assert.ok(redirector.send(alerts, Buffer.alloc(5)));
  assert.deepEqual(redirector.statistics().refused, {
    'not-allowed': 1,
    'too-large': 1,
    rate: 2,
    clock: 0,
    'no-transport': 0,
    stalled: 0,
  });
  assert.equal(hub.wire.length, 1);
});

const OFFICE = { kind: 'domain', name: 'OFFICE' } as const;

/** Whether a gate that lets through one message a second of each sender refuses one, of a member or of a stranger. */
function oneASecond(): {
  clock: VirtualClock;
  refused(from: string, address?: string, domain?: string): boolean;
} {
  const clock = new VirtualClock();
  const gate = new PolicyGate(parsePolicy('{ "rules": [{ "perSecond": 1 }] }'), clock);
  const refused = (from: string, address?: string, domain = 'OFFICE') => {
    const passage = { direction: 'in', from, to: OFFICE, slot: 'a' } as const;
    return gate.refusal(passage, 0, { domain, from, address }) !== undefined;
  };
  return { clock, refused };
}

test('however many names are made up, no honest sender is refused, and what is remembered is bounded', () => {
  const { clock, refused } = oneASecond();
  for (let sender = 0; sender < 3 * MAX_POLICY_BUCKETS; sender += 1)
    assert.equal(refused(`S${sender}`), false);
  assert.equal(refused('HONEST'), false);
  assert.equal(refused('honest'), true, 'its rate holds all the same');
  clock.advance(1_000);
  assert.equal(refused('HONEST'), false);
});

test('each domain counts for itself, and strangers count for no member', () => {
  const { refused } = oneASecond();
  assert.equal(refused('ALPHA'), false);
  assert.equal(refused('ALPHA'), true);
  assert.equal(refused('ALPHA', undefined, 'LAB'), false);
  assert.equal(refused('ALPHA', '10.0.0.9:1'), false);
});

test('strangers are counted by their address, whatever name and port they use, and all of them together', () => {
  const { clock, refused } = oneASecond();
  assert.equal(refused('A', '10.0.0.1:1'), false);
  assert.equal(refused('B', '10.0.0.1:2'), true);
  let passed = 1;
  for (let host = 2; host < 10_000; host += 1)
    if (!refused('A', `10.1.${host >> 8}.${host & 255}:1`)) passed += 1;
  assert.equal(passed, STRANGERS_TOGETHER);
  assert.equal(refused('MEMBER'), false);
  clock.advance(60_000);
  assert.equal(refused('A', '10.0.0.1:1'), false, 'who was quiet made room');
});
