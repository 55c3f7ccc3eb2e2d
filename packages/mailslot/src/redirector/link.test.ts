import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Host, Hub, office, started, testPorts } from './hub.test.support.js';

test('a full transport takes nothing, and says when there is room', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const transport = hub.transport();
  const alpha = await started(t, 'ALPHA', { domains: office(transport), ports });
  const beta = await started(t, 'BETA', { domains: office(hub.transport()), ports });
  alpha.attach();
  beta.attach();
  let rooms = 0;
  const stop = alpha.redirector.onRoom(() => {
    rooms += 1;
  });
  transport.room = 1;
  assert.deepEqual([alpha.send('//*/mailslot/a', '1'), alpha.send('//*/mailslot/a', '2')], [true, false]);
  assert.deepEqual(alpha.got, ['1']);
  transport.makeRoom();
  assert.equal(rooms, 1);
  assert.ok(alpha.send('//*/mailslot/a', '2'));
  stop();
  transport.makeRoom();
  assert.equal(rooms, 1);
  hub.flush();
  assert.deepEqual(
    [alpha.got, beta.got],
    [
      ['1', '2'],
      ['1', '2'],
    ],
  );
  assert.equal(beta.redirector.statistics().gaps, 0);
});

test('if only one of two transports has room, the other is given the message later, as it was', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const slow = nats.transport();
  const alpha = await started(t, 'ALPHA', { domains: office(lan.transport(), slow), ports });
  const beta = await started(t, 'BETA', { domains: office(nats.transport()), ports });
  beta.attach();
  slow.room = 0;
  const bytes = Buffer.from('first');
  const destination = alpha.redirector.destinationOf({ host: '*', path: 'a', key: '' });
  assert.ok(alpha.redirector.send(destination, bytes));
  bytes.fill(0);
  assert.equal(alpha.send('//*/mailslot/a', 'second'), false);
  slow.makeRoom(0);
  assert.equal(alpha.send('//*/mailslot/a', 'second'), false);
  slow.makeRoom();
  assert.ok(alpha.send('//*/mailslot/a', 'second'));
  nats.flush();
  assert.deepEqual(beta.got, ['first', 'second']);
  assert.deepEqual(
    lan.wire.map(({ sequence }) => sequence),
    [1, 2],
  );
});

test('what became too long for one of two transports after the other took it is counted, and ends nothing', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const slow = nats.transport();
  const alpha = await started(t, 'ALPHA', { domains: office(lan.transport(), slow), ports });
  const refused = (): number | undefined => alpha.redirector.statistics().domains[0]?.refused['too-large'];
  slow.room = 0;
  assert.ok(alpha.send('//*/mailslot/a', 'held until there is room'));
  slow.limit = 4;
  slow.makeRoom();
  assert.equal(refused(), 1);
  assert.ok(alpha.send('//*/mailslot/a', 'taken by the first alone'));
  assert.equal(refused(), 2);
  assert.deepEqual([lan.wire.length, nats.wire.length], [2, 0]);
});

test('a transport that does not start is started again, ever more seldom, and said so', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const broken = hub.transport({ name: 'lan' });
  broken.failures = 2;
  const alpha = await started(t, 'ALPHA', { domains: office(broken), ports });
  alpha.attach();
  assert.ok(alpha.send('//*/mailslot/a', 'alone'));
  assert.deepEqual(alpha.got, ['alone']);
  assert.equal(alpha.redirector.statistics().refused['no-transport'], 1);
  assert.match(
    ports.warnings[0] ?? '',
    /transport lan of the domain OFFICE does not start: no cable; again in 1 s/,
  );
  ports.clock.advance(1_000);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(broken.starts, 2);
  ports.clock.advance(1_999);
  assert.equal(broken.starts, 2);
  ports.clock.advance(1);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(alpha.redirector.statistics().domains[0]?.transports[0]?.isUp, true);
  assert.deepEqual(broken.wanted, new Set(['a']));
});

test('nobody waits long for a transport that is slow to start', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const slow = nats.transport();
  let begin = (): void => {};
  const started = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const begun = slow.start.bind(slow);
  slow.start = (receiver) => started.then(() => begun(receiver));
  const alpha = new Host('ALPHA', { domains: office(slow, lan.transport()), ports });
  t.after(() => alpha.redirector.close());
  const ready = alpha.redirector.start();
  ports.clock.advance(300);
  await ready;
  assert.ok(alpha.send('//*/mailslot/a', 'first'));
  assert.deepEqual([nats.wire.length, lan.wire.length], [0, 1]);
  const ups: string[] = [];
  alpha.redirector.onUp(() => ups.push('up'));
  begin();
  await ports.clock.pass(1);
  assert.deepEqual(ups, ['up']);
  assert.ok(alpha.send('//*/mailslot/a', 'second'));
  assert.deepEqual([nats.wire.length, lan.wire.length], [1, 2]);
  assert.equal(ports.clock.pending, 1, 'the watch of the clock alone');
});

test('one that is closed is not started again, and sends nothing', async () => {
  const [hub, ports] = [new Hub(), testPorts()];
  const broken = hub.transport();
  broken.failures = 9;
  const alpha = new Host('ALPHA', { domains: office(broken), ports });
  assert.equal(alpha.send('//*/mailslot/a', 'early'), false);
  await alpha.redirector.start();
  await alpha.redirector.close();
  await alpha.redirector.close();
  ports.clock.advance(100_000);
  assert.equal(broken.starts, 1);
  assert.equal(ports.clock.pending, 0);
  assert.equal(alpha.send('//*/mailslot/a', 'late'), false);
});

test('a transport that cannot reach a whole domain is not asked to', async (t) => {
  const [lan, one, ports] = [new Hub(), new Hub(), testPorts()];
  const domains = office(one.transport({ broadcast: false }), lan.transport());
  const alpha = await started(t, 'ALPHA', { domains, ports });
  alpha.send('//*/mailslot/a', 'all');
  alpha.send('//BETA/mailslot/a', 'one');
  assert.deepEqual([lan.wire.length, one.wire.length], [2, 1]);
});
