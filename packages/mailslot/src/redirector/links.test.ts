import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BEST_WAY_FRESH_MS, BEST_WAY_SLACK_MS, MAX_WAYS_HEARD, WAY_SILENCE_MS } from '../limits.js';
import { parseName } from '../name/slot-name.js';
import { datagram } from './datagrams.test.support.js';
import { Hub, office, started, testPorts } from './hub.test.support.js';
import { LinksHeard } from './links-heard.js';

const [LAN, NATS] = [0, 1] as const;

test('of the ways that brought the latest word, the best is taken', () => {
  const ways = new LinksHeard();
  ways.note(NATS, 'one', 'Beta', 1_000);
  ways.note(LAN, 'one', 'Beta', 1_001);
  assert.deepEqual(ways.to('BETA', 1_001), new Set([LAN]));
  assert.deepEqual(ways.all('BETA', 1_001), [LAN, NATS]);
  ways.note(NATS, 'one', 'Beta', 1_001 + BEST_WAY_SLACK_MS);
  assert.deepEqual(ways.to('BETA', 3_000), new Set([LAN]), 'the other way may bring it in a moment');
  ways.note(NATS, 'one', 'Beta', 1_002 + BEST_WAY_SLACK_MS);
  assert.deepEqual(ways.to('BETA', 3_000), new Set([NATS]), 'the cable is out');
  ways.note(LAN, 'one', 'Beta', 4_000);
  assert.deepEqual(ways.to('BETA', 4_000), new Set([LAN]));
});

test('each instance of a computer is reached by its own best way', () => {
  const ways = new LinksHeard();
  ways.note(LAN, 'one', 'BETA', 1_000);
  ways.note(NATS, 'two', 'beta', 1_000);
  ways.note(NATS, 'three', 'GAMMA', 1_000);
  assert.deepEqual(ways.to('BETA', 1_000), new Set([LAN, NATS]));
  assert.deepEqual(ways.to('GAMMA', 1_000), new Set([NATS]));
  assert.deepEqual(ways.to('DELTA', 1_000), new Set());
  ways.note(LAN, 'three', 'GAMMA', 2_000);
  assert.deepEqual(
    ways.to('GAMMA', 2_001 + BEST_WAY_FRESH_MS),
    new Set([LAN, NATS]),
    'who knows what was cut since',
  );
  assert.deepEqual(ways.to('BETA', 1_001 + WAY_SILENCE_MS), new Set(), 'that was long ago');
});

test('what is remembered is bounded, and the silent make room', () => {
  const ways = new LinksHeard();
  for (let each = 0; each < MAX_WAYS_HEARD; each += 1) ways.note(LAN, `i${each}`, `C${each}`, 1_000);
  ways.note(LAN, 'late', 'LATE', 1_000 + WAY_SILENCE_MS);
  assert.equal(ways.to('LATE', 1_000 + WAY_SILENCE_MS).size, 0);
  ways.note(LAN, 'i7', 'C7', 2_000 + WAY_SILENCE_MS);
  ways.note(LAN, 'late', 'LATE', 2_000 + WAY_SILENCE_MS);
  assert.deepEqual(ways.to('LATE', 2_000 + WAY_SILENCE_MS), new Set([LAN]));
  assert.deepEqual(ways.to('C7', 2_000 + WAY_SILENCE_MS), new Set([LAN]));
  assert.deepEqual(ways.all('C8', 2_000 + WAY_SILENCE_MS), []);
});

test('what is for one computer goes by one way, falls back to the other, and by all to who was never heard', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const [near, far] = [lan.transport({ name: 'lan' }), nats.transport({ name: 'nats', reach: 'site' })];
  const alpha = await started(t, 'ALPHA', { domains: office(near, far), ports });
  const sent = (): number[] => {
    alpha.send('//OMEGA/mailslot/a', 'one');
    return [lan, nats].map(({ wire }) => wire.splice(0).length);
  };
  let counter = 0;
  const hear = (...ways: (typeof near)[]): void => {
    counter += 1;
    for (const way of ways) way.hear(datagram(ports.clock.now(), { counter }));
  };
  assert.deepEqual(sent(), [1, 1]);
  hear(far, near);
  assert.deepEqual(sent(), [1, 0]);
  assert.deepEqual(alpha.redirector.transportsTo('OFFICE', 'omega'), ['lan', 'nats']);
  ports.clock.advance(5_000);
  hear(far);
  assert.deepEqual(sent(), [0, 1]);
  assert.deepEqual(alpha.redirector.transportsTo('OFFICE', 'omega'), ['nats', 'lan']);
  far.connected(false);
  assert.deepEqual(sent(), [1, 0], 'what is left');
  far.connected(true);
  assert.deepEqual(sent(), [0, 1]);
  ports.clock.advance(1_000);
  hear(far, near);
  assert.deepEqual(sent(), [1, 0]);
});

test('a way by which a computer is heard, and which is not known to lead back to it, is not relied on', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const [near, far] = [lan.transport({ name: 'lan' }), nats.transport({ name: 'nats', reach: 'site' })];
  let doesReach = false;
  Object.assign(near, { reaches: () => doesReach });
  const alpha = await started(t, 'ALPHA', { domains: office(near, far), ports });
  const sent = (): number[] => {
    alpha.send('//OMEGA/mailslot/a', 'one');
    return [lan, nats].map(({ wire }) => wire.splice(0).length);
  };
  for (const way of [near, far]) way.hear(datagram(ports.clock.now(), { counter: 1 }));
  assert.deepEqual(sent(), [1, 1]);
  doesReach = true;
  assert.deepEqual(sent(), [1, 0]);
  doesReach = false;
  assert.deepEqual(sent(), [1, 1]);
});

test('what no transport could take has used up no number, and what the services say is missed by nobody', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const far = hub.transport({ name: 'nats', reach: 'site' });
  const alpha = await started(t, 'ALPHA', { domains: office(far), ports });
  alpha.attach('$browse');
  const send = (): unknown =>
    alpha.send('//*/mailslot/a', 'one') && alpha.send('//*/mailslot/$browse', 'one');
  send();
  far.connected(false);
  for (let time = 0; time < 5; time += 1) send();
  assert.equal(alpha.redirector.statistics().refused['no-transport'], 10);
  far.connected(true);
  send();
  assert.deepEqual(
    hub.wire.map(({ sequence }) => sequence),
    [1, 1, 2, 2],
  );
  for (const sequence of [1, 12]) {
    far.hear(datagram(ports.clock.now(), { counter: sequence, sequence, slot: '$browse' }));
  }
  assert.equal(alpha.redirector.statistics().gaps, 0);
});

test('while a connection is lost nothing is handed to it, and what would go nowhere else is counted', async (t) => {
  const [nats, ports] = [new Hub(), testPorts()];
  const far = nats.transport({ name: 'nats', reach: 'site' });
  const alpha = await started(t, 'ALPHA', { domains: office(far), ports });
  const [ups, rooms] = [[] as string[], [] as string[]];
  alpha.redirector.onUp(() => ups.push('up'));
  alpha.redirector.onRoom(() => rooms.push('room'));
  far.room = 0;
  assert.equal(alpha.send('//*/mailslot/a', 'waits'), false);
  far.connected(false);
  assert.deepEqual(rooms, ['room'], 'nobody waits for a connection that is lost');
  assert.ok(alpha.send('//*/mailslot/a', 'lost'));
  assert.equal(alpha.redirector.statistics().refused['no-transport'], 1);
  assert.equal(alpha.redirector.statistics().domains[0]?.transports[0]?.isUp, false);
  alpha.attach('late');
  await Promise.resolve();
  assert.deepEqual(far.wanted, new Set());
  far.room = 1;
  far.connected(true);
  assert.deepEqual([ups, far.wanted], [['up'], new Set(['late'])]);
  assert.ok(alpha.send('//*/mailslot/a', 'found'));
  assert.deepEqual(
    ports.warnings.map((text) => text.replace(/^.*OFFICE /, '')),
    ['lost its connection', 'is connected again'],
  );
});

test('a transport that hangs stops neither what goes by another one nor, for long, what goes by both', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const [near, far] = [lan.transport({ name: 'lan' }), nats.transport({ name: 'nats', reach: 'site' })];
  const alpha = await started(t, 'ALPHA', { domains: office(near, far), ports });
  const rooms: string[] = [];
  alpha.redirector.onRoom(() => rooms.push('room'));
  far.room = 0;
  assert.ok(alpha.send('//*/mailslot/a', 'held for nats'));
  assert.ok(alpha.send('//*/mailslot/a', 'of the LAN', 'lan'));
  assert.equal(alpha.send('//*/mailslot/a', 'waits'), false);
  ports.clock.advance(1_000);
  assert.deepEqual(rooms, ['room']);
  assert.ok(alpha.send('//*/mailslot/a', 'goes on'));
  assert.deepEqual([lan.wire.length, nats.wire.length], [3, 0]);
  assert.equal(alpha.redirector.statistics().refused.stalled, 1);
  far.makeRoom();
  assert.ok(alpha.send('//*/mailslot/a', 'to both again'));
  const texts = nats.wire.map(({ data }) => Buffer.from(data).toString());
  assert.deepEqual(texts, ['held for nats', 'to both again']);
});

test('a transport that is the only one is waited for, however long', async (t) => {
  const [nats, ports] = [new Hub(), testPorts()];
  const far = nats.transport({ name: 'nats', reach: 'site' });
  const alpha = await started(t, 'ALPHA', { domains: office(far), ports });
  far.room = 0;
  assert.equal(alpha.send('//*/mailslot/a', 'waits'), false);
  ports.clock.advance(60_000);
  assert.equal(alpha.send('//*/mailslot/a', 'waits'), false);
  far.makeRoom();
  assert.ok(alpha.send('//*/mailslot/a', 'waits'));
});

test('the latest word says whose an instance is, so that no member keeps another one’s for itself', () => {
  const ways = new LinksHeard();
  ways.note(1, 'a', 'MALLORY', 1_000);
  ways.note(0, 'a', 'Beta', 2_000);
  ways.note(0, 'a', 'BETA', 2_000);
  assert.deepEqual([ways.all('BETA', 2_000), ways.all('MALLORY', 2_000)], [[0], []]);
});

test('what is known to be lost by the best way goes by the other one; if by all, it is refused when opening', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const [near, far] = [lan.transport({ name: 'lan' }), nats.transport({ name: 'nats', reach: 'site' })];
  Object.assign(near, { limitTo: () => 10 });
  const alpha = await started(t, 'ALPHA', { domains: office(near, far), ports });
  for (const way of [near, far]) way.hear(datagram(ports.clock.now(), { counter: 1 }));
  const sent = (text: string): number[] => {
    alpha.send('//OMEGA/mailslot/a', text);
    return [lan, nats].map(({ wire }) => wire.splice(0).length);
  };
  assert.deepEqual(sent('short'), [1, 0]);
  assert.deepEqual(sent('longer than that'), [0, 1]);
  // Nothing is known of that length: it goes by both ways.
  Object.assign(near, { limitTo: () => 100, provenTo: () => 10 });
  assert.deepEqual(sent('longer than that'), [1, 1]);
  assert.deepEqual(sent('short'), [1, 0]);
  Object.assign(near, { limitTo: () => 10 });
  Object.assign(far, { limitTo: () => 12 });
  assert.throws(() => sent('longer than that'), { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' });
});

test('what some receiver would not get, by none of the ways by which it was heard, is refused', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const [near, far] = [lan.transport({ name: 'lan' }), nats.transport({ name: 'nats', reach: 'site' })];
  let takes = 2_000;
  Object.assign(far, { limitTo: () => takes });
  const alpha = await started(t, 'ALPHA', { domains: office(near, far), ports });
  const long = 'x'.repeat(3_000);
  const sent = (host: string): number[] => {
    alpha.send(`//${host}/mailslot/a`, long);
    return [lan, nats].map(({ wire }) => wire.splice(0).length);
  };
  const refused = { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE', limit: 2_000 };
  near.hear(datagram(ports.clock.now(), { counter: 1 }));
  assert.deepEqual(
    [sent('*'), sent('OMEGA'), sent('NOBODY')],
    [
      [1, 0],
      [1, 0],
      [1, 0],
    ],
  );
  const other = { instance: 'fedcba9876543210', counter: 1, stamp: ports.clock.now() };
  far.hear(datagram(ports.clock.now(), { identity: other, from: 'BETA' }));
  assert.throws(() => sent('*'), refused, 'BETA is reached by the other way alone');
  assert.throws(() => sent('BETA'), refused);
  assert.deepEqual(sent('OMEGA'), [1, 0]);
  // The server of the other way takes more, and less again: a name that was opened meanwhile is no promise.
  takes = 60_000;
  const everybody = alpha.redirector.destinationOf(parseName('//*/mailslot/a'));
  assert.ok(alpha.redirector.send(everybody, Buffer.from(long)));
  takes = 2_000;
  assert.throws(() => alpha.redirector.send(everybody, Buffer.from(long)), refused);
  near.hear(datagram(ports.clock.now(), { identity: { ...other, counter: 2 }, from: 'BETA' }));
  assert.ok(alpha.redirector.send(everybody, Buffer.from(long)), 'it is on the LAN, too');
  assert.deepEqual(
    lan.wire.map(({ sequence }) => sequence),
    [2, 3],
    'what is refused has used up no number',
  );
});
