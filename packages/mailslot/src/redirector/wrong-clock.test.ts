import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOCK_CHECK_MS, MAX_OTHER_CLOCKS } from '../limits.js';
import { parseName } from '../name/slot-name.js';
import { datagram } from './datagrams.test.support.js';
import { Hub, office, started, testPorts } from './hub.test.support.js';

const IMPOSSIBLE = [0, 12_345, -5_000, Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1), 2 ** 60, -(2 ** 60)];

test('a clock that cannot be right is told to who sends, with the remedy, whenever it was set', async (t) => {
  for (const now of IMPOSSIBLE) {
    const ports = testPorts();
    const hub = new Hub();
    const host = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
    host.attach();
    const before = host.redirector.destinationOf(parseName('//*/mailslot/a'));
    ports.clock.jump(now - ports.clock.now());
    for (const name of ['//*/mailslot/a', '//BETA/mailslot/a']) {
      assert.throws(() => host.redirector.destinationOf(parseName(name)), {
        code: 'ERR_MAILSLOT_IO',
        message: /^this computer's clock says .*, which cannot be: .*timedatectl/,
      });
    }
    const warnings = ports.warnings.length;
    for (let times = 0; times < 3; times += 1) assert.ok(host.redirector.send(before, Buffer.from('lost')));
    assert.deepEqual([host.got, hub.wire.length, host.redirector.statistics().refused.clock], [[], 0, 3]);
    assert.equal(ports.warnings.length, warnings + 1, 'said once');
    ports.clock.jump(Date.UTC(2026, 0, 1) - ports.clock.now());
    assert.ok(host.redirector.send(before, Buffer.from('sent')));
    assert.deepEqual([host.got, hub.wire.length], [['sent'], 1]);
  }
});

test('a service goes on, since a clock is often set after the start, and its stamp is never below 0', async (t) => {
  const ports = testPorts();
  const hub = new Hub();
  const { redirector } = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
  ports.clock.jump(-5_000 - ports.clock.now());
  const browse = redirector.destinationOf(parseName('//*/mailslot/$browse'));
  assert.ok(redirector.send(browse, Buffer.alloc(1)));
  assert.deepEqual(
    hub.wire.map(({ identity }) => identity.stamp),
    [0],
  );
});

test('whose clock is off is shown, for the latest few', async (t) => {
  const ports = testPorts();
  const transport = new Hub().transport();
  const host = await started(t, 'ALPHA', { domains: office(transport), ports });
  const clocks = () => host.redirector.statistics().domains[0]?.otherClocks ?? [];
  const hear = (from: string, aheadMs: number) => {
    transport.hear(datagram(ports.clock.now() + aheadMs, { from }), '10.0.0.7:1');
  };
  hear('BETA', 10_000);
  assert.deepEqual(clocks(), []);
  hear('beta', -31_000);
  hear('BETA', 3_600_000);
  const beta = { computer: 'BETA', address: '10.0.0.7:1', aheadMs: 3_600_000, messages: 2 };
  assert.deepEqual(clocks(), [beta]);
  for (let number = 0; number < 3 * MAX_OTHER_CLOCKS; number += 1) hear(`PC-${number}`, 31_000);
  assert.equal(clocks().length, MAX_OTHER_CLOCKS);
});

test('a clock of ours that cannot be right, or was set since, blames nobody else’s', async (t) => {
  const ports = testPorts();
  const transport = new Hub().transport();
  const host = await started(t, 'ALPHA', { domains: office(transport), ports });
  const right = ports.clock.now();
  const blamed = () => host.redirector.statistics().domains[0]?.otherClocks.map(({ computer }) => computer);
  const hear = (from: string, stamp: number) => transport.hear(datagram(stamp, { from }), '10.0.0.7:1');
  for (const now of IMPOSSIBLE) {
    ports.clock.jump(now - ports.clock.now());
    hear('BETA', right);
    assert.deepEqual(blamed(), [], `${now}`);
  }
  // A time that can be, and is wrong: whose fault it is, nobody knows.
  ports.clock.jump(right - 86_400_000 - ports.clock.now());
  hear('BETA', right);
  assert.deepEqual(blamed(), ['BETA']);
  ports.clock.jump(right - ports.clock.now());
  ports.clock.advance(CLOCK_CHECK_MS);
  assert.deepEqual(blamed(), [], 'it is known by now');
  hear('GAMMA', right - 86_400_000);
  assert.deepEqual(blamed(), ['GAMMA']);
});
