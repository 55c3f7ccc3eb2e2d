import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Impairments } from './impairments.js';
import { counters, Scene } from './simulated.test.support.js';

/** A thousand datagrams to one receiver, one a second; what it heard. */
async function thousand(
  impairments: Partial<Impairments>,
  seed = 1,
): Promise<{ scene: Scene; heard: string[] }> {
  const scene = new Scene(impairments, seed);
  const [alpha, bravo] = await scene.ends('ALPHA', 'BRAVO');
  for (let round = 0; round < 1_000; round += 1) scene.say(alpha, 'BRAVO');
  return { scene, heard: bravo.heard };
}

test('a calm network delivers everything once, in order, after its delay', async () => {
  const scene = new Scene({ minDelayMs: 3, maxDelayMs: 3 });
  const [alpha, bravo] = await scene.ends('ALPHA', 'BRAVO');
  scene.say(alpha);
  scene.say(alpha, 'bravo');
  assert.deepEqual(bravo.heard, ['1 at 3.125 from lan/1', '2 at 1003.125 from lan/1']);
  assert.deepEqual(counters(alpha), [1], 'a datagram to the domain comes back to its sender');
});

test('loss takes about its share, and counts it', async () => {
  const { scene, heard } = await thousand({ loss: 0.2 });
  const { lost, delivered, copies, onTheWay } = scene.network.statistics();
  assert.ok(lost > 150 && lost < 250, `${lost} of 1,000`);
  assert.equal(heard.length, delivered);
  assert.equal(copies, lost + delivered);
  assert.equal(onTheWay, 0);
});

test('duplication delivers its share twice, and counts it', async () => {
  const { scene, heard } = await thousand({ duplication: 0.2 });
  const { duplicates } = scene.network.statistics();
  assert.ok(duplicates > 150 && duplicates < 250, `${duplicates} of 1,000`);
  assert.equal(heard.length, 1_000 + duplicates);
});

test('delays lie between their bounds', async () => {
  const { heard } = await thousand({ minDelayMs: 5, maxDelayMs: 50 });
  const delays = heard.map((entry) => Number(/at ([\d.]+)/.exec(entry)?.[1]) % 1_000);
  assert.ok(Math.min(...delays) > 5 && Math.min(...delays) < 7);
  assert.ok(Math.max(...delays) > 48 && Math.max(...delays) < 50.5);
});

test('reordering holds its share back, and others overtake it', async () => {
  const scene = new Scene({ reordering: 0.1, heldMs: 100 });
  const [alpha, bravo] = await scene.ends('ALPHA', 'BRAVO');
  for (let round = 0; round < 500; round += 1) {
    alpha.transport.send(scene.datagram());
    scene.clock.advance(1);
  }
  scene.clock.advance(200);
  const order = counters(bravo);
  const late = order.filter((counter, at) => order.slice(0, at).some((other) => other > counter));
  assert.equal(order.length, 500);
  assert.ok(late.length > 25 && late.length < 75, `${late.length} of 500 were overtaken`);
});

test('bandwidth spreads what is sent at once, and a full buffer has room when half of it is sent', async () => {
  const scene = new Scene({ bytesPerSecond: 1_000_000 });
  const [alpha, bravo] = await scene.ends('ALPHA', 'BRAVO');
  let taken = 0;
  while (alpha.transport.send(scene.datagram('BRAVO', 936))) taken += 1;
  assert.equal(taken, 1_048, 'a message is charged its length plus 64');
  scene.clock.advance(500);
  assert.equal(alpha.rooms, 0);
  assert.equal(bravo.heard.length, 499);
  scene.clock.advance(25);
  assert.equal(alpha.rooms, 1);
  assert.equal(alpha.transport.send(scene.datagram('BRAVO', 936)), true);
  scene.clock.advance(2_000);
  assert.equal(bravo.heard.length, 1_049);
  assert.equal(alpha.rooms, 1);
});

test('partitions separate their sides, and whoever is on none is on a side of its own', async () => {
  const scene = new Scene();
  const [alpha, bravo, charlie, delta] = await scene.ends('ALPHA', 'BRAVO', 'CHARLIE', 'DELTA');
  scene.network.partition(['alpha', 'BRAVO'], ['CHARLIE']);
  for (const end of [alpha, bravo, charlie, delta]) scene.say(end);
  const heard = (): number[][] => [alpha, bravo, charlie, delta].map(counters);
  assert.deepEqual(heard(), [[1, 2], [1, 2], [3], [4]]);
  assert.equal(scene.network.statistics().cut, 10);
  scene.network.partition();
  scene.say(delta);
  assert.deepEqual(heard(), [
    [1, 2, 5],
    [1, 2, 5],
    [3, 5],
    [4, 5],
  ]);
});

test('what is on its way when the way is cut does not arrive', async () => {
  const scene = new Scene({ minDelayMs: 50, maxDelayMs: 50 });
  const [alpha, bravo] = await scene.ends('ALPHA', 'BRAVO');
  alpha.transport.send(scene.datagram('BRAVO'));
  scene.clock.advance(10);
  assert.equal(scene.network.statistics().onTheWay, 1);
  scene.network.cut('ALPHA', 'BRAVO');
  scene.clock.advance(100);
  assert.deepEqual(bravo.heard, []);
});

test('a cut is one way', async () => {
  const scene = new Scene();
  const [alpha, bravo] = await scene.ends('ALPHA', 'BRAVO');
  scene.network.cut('alpha', 'bravo');
  scene.say(alpha, 'BRAVO');
  scene.say(bravo, 'ALPHA');
  scene.network.mend('Alpha', 'Bravo');
  scene.say(alpha, 'BRAVO');
  assert.deepEqual([alpha, bravo].map(counters), [[2], [3]]);
});

test('computers hear each other once over each LAN that they share', async () => {
  const scene = new Scene();
  const both = await scene.end('ALPHA', { interfaces: ['lan', 'wifi'] });
  const other = await scene.end('BRAVO', { interfaces: ['wifi', 'lan', 'vpn'] });
  const wifi = await scene.end('CHARLIE', { interfaces: ['wifi'] });
  const vpn = await scene.end('DELTA', { interfaces: ['vpn'] });
  scene.say(both);
  assert.deepEqual([other, wifi, vpn].map(counters), [[1, 1], [1], []]);
  assert.deepEqual(
    other.heard.map((entry) => entry.split(' ').at(-1)),
    ['lan/1', 'wifi/1'],
  );
  scene.network.unplug('BRAVO', 'lan');
  scene.say(both);
  scene.network.plug('BRAVO', 'lan');
  scene.network.unplug('ALPHA', 'wifi');
  scene.say(both);
  assert.deepEqual([other, wifi].map(counters), [
    [1, 1, 2, 3],
    [1, 2],
  ]);
});

test('strays reach those whom they are not for', async () => {
  const scene = new Scene({ strays: 0.5 });
  const [alpha, bravo, charlie] = await scene.ends('ALPHA', 'BRAVO', 'CHARLIE');
  for (let round = 0; round < 100; round += 1) scene.say(alpha, 'BRAVO');
  assert.equal(bravo.heard.length, 100);
  assert.ok(charlie.heard.length > 25 && charlie.heard.length < 75, `${charlie.heard.length} of 100`);
});

test('every instance of a computer hears, until it is closed', async () => {
  const scene = new Scene();
  const [alpha, bravo, other] = await scene.ends('ALPHA', 'BRAVO', 'Bravo');
  scene.say(alpha, 'bravo');
  await bravo.transport.close();
  scene.say(alpha, 'bravo');
  assert.deepEqual([bravo, other].map(counters), [[1], [1, 2]]);
});

test('who is closed while something is on its way misses it, and what was kept too long is not sent', async () => {
  const scene = new Scene({ bytesPerSecond: 10_000 });
  const [alpha, bravo, charlie] = await scene.ends('ALPHA', 'BRAVO', 'CHARLIE');
  for (let round = 0; round < 20; round += 1) alpha.transport.send(scene.datagram('BRAVO', 936));
  await alpha.transport.close();
  scene.clock.advance(5_000);
  assert.equal(bravo.heard.length, 10, 'one second of the rate');
  assert.equal(scene.network.statistics().cut, 10);
  charlie.transport.send(scene.datagram('BRAVO'));
  await bravo.transport.close();
  scene.clock.advance(1_000);
  assert.equal(scene.network.statistics().missed, 1);
});

test('impairments change from one moment to the next, and impossible ones are refused', () => {
  const { network } = new Scene();
  network.impair({ loss: 1 });
  const refused = [
    { loss: 2 },
    { loss: -1 },
    { minDelayMs: 9 },
    { bytesPerSecond: 0 },
    { losss: 0.1 },
    { heldMs: Number.NaN },
  ];
  for (const impairments of refused) {
    assert.throws(() => network.impair(impairments), {
      code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
      message: /impairment/,
    });
  }
});

test('an end can be an unauthenticated transport of another name with smaller messages', async () => {
  const { network } = new Scene();
  const end = network.transport({
    domain: 'OFFICE',
    computer: 'ALPHA',
    name: 'netbios',
    capabilities: { authenticated: false, maxMessageSize: 400 },
  });
  assert.equal(end.name, 'netbios');
  assert.deepEqual(end.capabilities, {
    broadcast: true,
    reach: 'lan',
    authenticated: false,
    maxMessageSize: 400,
  });
});

test('what does not run says so', async () => {
  const scene = new Scene();
  const alpha = await scene.end('ALPHA');
  await alpha.transport.close();
  await alpha.transport.close();
  assert.throws(() => alpha.transport.send(scene.datagram()), { code: 'ERR_MAILSLOT_CLOSED' });
  const receiver = { received: () => undefined, dropped: () => undefined, hasRoom: () => undefined };
  await assert.rejects(alpha.transport.start(receiver), { code: 'ERR_MAILSLOT_CLOSED', message: /ALPHA/ });
});
