import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../testing/seeded-random.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { type Desk, entryFor, Office, present, watched } from './office.test.support.js';

const office = (seed = 1): Office => new Office(new VirtualClock(), new SeededRandom(seed));

/** Lets time pass until `done`; returns how much, at most `limitMs`. */
function timeUntil({ clock }: Office, limitMs: number, done: () => boolean): number {
  for (let passed = 0; passed < limitMs; passed += 10) {
    if (done()) return passed;
    clock.advance(10);
  }
  return limitMs;
}

test('a computer says what it is: transport, address, since when, what it offers', () => {
  const house = office();
  const alpha = house.start('ALPHA', { offers: ['pager', 'messenger'], address: '10.0.0.1:5000' });
  const started = house.clock.now();
  house.clock.advance(90_000);
  const beta = house.start('BETA');
  house.clock.advance(1000);
  const { since, lastSeen, ...entry } = entryFor(beta, 'ALPHA');
  assert.deepEqual(entry, {
    name: 'ALPHA',
    domain: 'OFFICE',
    transports: ['fake'],
    addresses: ['10.0.0.1:5000'],
    instances: 1,
    offers: ['messenger', 'pager'],
    state: 'here',
    conflict: undefined,
  });
  assert.ok(Math.abs(since - started) <= 1100, 'to the second');
  assert.ok(house.clock.now() - lastSeen <= 1100);
  const self = entryFor(alpha, 'ALPHA');
  assert.equal(self.transports[0], 'loop');
  assert.deepEqual(self.addresses, []);
  assert.equal(entryFor(beta, 'BETA').instances, 1);
});

test('announcements and a roster that get lost cost no more than the next second', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const house = office(seed);
    const others = house.settled(50);
    const chance = new SeededRandom(seed);
    house.hub.isLost = () => chance.fraction() < 0.1;
    const newcomer = house.start('NEW');
    house.clock.advance(1000);
    const ignorant = others.filter((desk) => !present(desk).includes('NEW'));
    assert.ok(ignorant.length <= 1, `seed ${seed}: ${ignorant.length} of 50 do not know it`);
    assert.ok(present(newcomer).length >= 50, `seed ${seed}: it knows ${present(newcomer).length}`);
  }
});

test('if the first announcement is lost to all, and the first answers, the next ones do', () => {
  const house = office();
  const others = house.settled(30);
  house.hub.isLost = () => true;
  const newcomer = house.start('NEW');
  house.clock.advance(150);
  house.hub.isLost = () => false;
  house.clock.advance(850);
  assert.equal(present(newcomer).length, 31);
  assert.ok(others.every((desk) => present(desk).includes('NEW')));
});

test('who is killed is silent, then gone, and then forgotten', () => {
  const house = office();
  const [alpha, beta] = house.settled(3) as [Desk, Desk];
  const events = watched(alpha);
  house.kill(beta);
  const { lastSeen } = entryFor(alpha, 'PC-1');
  const unseenFor = (ms: number): void => house.clock.advance(lastSeen + ms - house.clock.now());
  unseenFor(1400);
  assert.equal(entryFor(alpha, 'PC-1').state, 'here');
  unseenFor(2100);
  assert.equal(entryFor(alpha, 'PC-1').state, 'silent');
  unseenFor(3400);
  assert.equal(entryFor(alpha, 'PC-1').state, 'silent');
  unseenFor(4100);
  assert.equal(entryFor(alpha, 'PC-1').state, 'gone');
  assert.equal(entryFor(alpha, 'PC-1').instances, 0);
  assert.equal(entryFor(alpha, 'PC-2').state, 'here');
  house.clock.advance(11 * 60_000);
  assert.deepEqual(
    alpha.discovery.computers().map(({ name }) => name),
    ['PC-0', 'PC-2'],
  );
  assert.deepEqual(events, ['silent PC-1', 'gone PC-1']);
});

test('who says goodbye is gone at once, and what others still say of it does not bring it back', async () => {
  const house = office();
  const [alpha, beta, gamma] = house.settled(3) as [Desk, Desk, Desk];
  house.hub.isLost = ({ from }, to) => from === beta.carrier && to === gamma.carrier;
  const events = watched(alpha);
  await beta.discovery.close();
  house.clock.advance(10);
  assert.deepEqual(events, ['gone PC-1']);
  assert.equal(entryFor(gamma, 'PC-1').state, 'here');
  house.hub.isLost = () => false;
  house.start('NEW');
  house.clock.advance(1000);
  assert.deepEqual(events, ['gone PC-1', 'appeared NEW']);
  assert.equal(
    house.hub.sent.some(({ from, data }) => from === gamma.carrier && data[1] === 3),
    true,
  );
});

test('who comes back from silence is back at once, as is everybody to him', () => {
  for (const [count, cutMs] of [
    [3, 30_000],
    [100, 10_000],
    [100, 60_000],
  ] as const) {
    const house = office();
    const desks = house.settled(count);
    const [lost] = desks as [Desk];
    lost.carrier.isOff = true;
    house.clock.advance(cutMs);
    lost.carrier.isOff = false;
    const took = timeUntil(house, 5000, () => {
      return desks.every((desk) => present(desk).length === count);
    });
    assert.ok(took < 2000, `${count} computers, ${cutMs} ms: ${took} ms`);
  }
});

test('a new instance after a jump of the clock takes the place of the old one, and nobody is alarmed', () => {
  const house = office();
  const [alpha, beta] = house.settled(3) as [Desk, Desk];
  const events = watched(alpha);
  const before = beta.carrier.instance;
  beta.carrier.renew();
  house.clock.advance(1000);
  assert.notEqual(beta.carrier.instance, before);
  assert.equal(entryFor(alpha, 'PC-1').instances, 1);
  assert.equal(entryFor(beta, 'PC-1').instances, 1);
  house.clock.advance(20_000);
  assert.deepEqual(events, []);
});

test('who missed a crowd while its network was away has caught up an interval after it is there again', () => {
  const house = office();
  const [alpha] = house.settled(2) as [Desk];
  house.hub.isLost = ({ from }, to) => from === alpha.carrier || to === alpha.carrier;
  for (let each = 0; each < 40; each += 1) house.start(`NEW-${each}`);
  house.clock.advance(3_000);
  house.hub.isLost = () => false;
  alpha.carrier.comeUp();
  const took = timeUntil(house, 5_000, () => present(alpha).length === 42);
  assert.ok(took < 2_000, `${took} ms`);
});

test('a crowd that lost its network together does not come back all at once', () => {
  const house = office();
  const desks = house.settled(100);
  for (const { carrier } of desks) carrier.comeUp();
  house.clock.advance(1_000);
  assert.ok(house.hub.sent.length < 60, `${house.hub.sent.length} messages in the first second`);
});

test('an hour that the wall clock jumps makes nobody gone', () => {
  const clock = new VirtualClock();
  const house = new Office(clock, new SeededRandom(1));
  const [alpha] = house.settled(3) as [Desk];
  for (const jump of [3_600_000, -7_200_000]) {
    clock.jump(jump);
    clock.advance(5000);
    assert.equal(present(alpha).length, 3);
    const { lastSeen, since } = entryFor(alpha, 'PC-1');
    assert.ok(clock.now() - lastSeen < 1500 && clock.now() - since < 30_000);
  }
});

test('a process that was stopped does not take the others for gone', () => {
  const clock = new VirtualClock();
  const house = new Office(clock, new SeededRandom(1));
  const [alpha] = house.settled(3) as [Desk];
  const events = watched(alpha);
  clock.stall(60_000);
  clock.advance(3000);
  assert.deepEqual(events, []);
  assert.equal(present(alpha).length, 3);
});

test('while the network takes nothing, announcements wait, and then they go', () => {
  const house = office();
  const [alpha] = house.settled(2) as [Desk];
  const beta = house.start('BETA');
  beta.carrier.isFull = true;
  house.clock.advance(1000);
  assert.ok(!present(alpha).includes('BETA'));
  beta.carrier.isFull = false;
  house.clock.advance(25);
  assert.ok(present(alpha).includes('BETA'));
  beta.carrier.isFull = true;
  house.clock.advance(1500);
  house.hub.sent = [];
  beta.carrier.empty();
  assert.equal(house.hub.sent.length, 1, 'at once when there is room');
});

test('two users of one computer are one computer with two instances', () => {
  const house = office();
  const [alpha] = house.settled(1) as [Desk];
  const machine = '00000000000000aa';
  house.start('SHARED', { machine, address: '10.0.0.9:1000' });
  const second = house.start('shared', { machine, address: '10.0.0.9:2000' });
  house.clock.advance(3000);
  const { name, instances, conflict, addresses } = entryFor(alpha, 'SHARED');
  assert.deepEqual({ name, instances, conflict }, { name: 'SHARED', instances: 2, conflict: undefined });
  assert.deepEqual([...addresses].sort(), ['10.0.0.9:1000', '10.0.0.9:2000']);
  house.kill(second);
  house.clock.advance(5000);
  assert.equal(entryFor(alpha, 'SHARED').instances, 1);
});

test('two machines with one name are a conflict, told with both addresses, to themselves too', () => {
  const house = office();
  const [alpha] = house.settled(1) as [Desk];
  const events = watched(alpha);
  const first = house.start('TWIN', { address: '10.0.0.7:1000' });
  house.clock.advance(1000);
  const second = house.start('TWIN', { address: '10.0.0.8:1000' });
  house.clock.advance(3000);
  const addresses = entryFor(alpha, 'TWIN').conflict?.map(({ address }) => address);
  assert.deepEqual(addresses?.sort(), ['10.0.0.7:1000', '10.0.0.8:1000']);
  assert.deepEqual(
    events.filter((event) => event.startsWith('conflict')),
    ['conflict TWIN'],
  );
  assert.equal(house.warnings.length, 2, 'each of both says so once');
  assert.match(house.warnings.join('\n'), /name TWIN in the domain OFFICE: 10\.0\.0\.7:1000; /);
  const seen = entryFor(first, 'TWIN').conflict?.map(({ address }) => address);
  assert.deepEqual(seen?.sort(), ['', '10.0.0.8:1000']);

  house.kill(second);
  house.clock.advance(5000);
  assert.equal(entryFor(alpha, 'TWIN').conflict, undefined);
});

test('a machine that was started anew is not in conflict with what it was', () => {
  const house = office();
  const [alpha] = house.settled(1) as [Desk];
  const events = watched(alpha);
  const before = house.start('ONE', { machine: '00000000000000a1', address: '10.0.0.7:1000' });
  house.clock.advance(2000);
  house.kill(before);
  house.start('ONE', { machine: '00000000000000a2', address: '10.0.0.8:1000' });
  house.clock.advance(10_000);
  assert.ok(!events.includes('conflict ONE'));
});

test('domains know nothing of each other; who is in both is in both lists', () => {
  const house = office();
  const red = house.start('RED', { domains: ['RED-ROOM'] });
  const both = house.start('BOTH', { domains: ['RED-ROOM', 'BLUE-ROOM'] });
  const blue = house.start('BLUE', { domains: ['BLUE-ROOM'] });
  house.clock.advance(2000);
  assert.deepEqual(present(red), ['BOTH', 'RED']);
  assert.deepEqual(present(blue), ['BLUE', 'BOTH']);
  assert.deepEqual(
    both.discovery.computers().map(({ domain, name }) => `${domain} ${name}`),
    ['RED-ROOM BOTH', 'RED-ROOM RED', 'BLUE-ROOM BLUE', 'BLUE-ROOM BOTH'],
  );
});

test('hostile messages are counted and change nothing', () => {
  const house = office();
  const [alpha, beta] = house.settled(2) as [Desk, Desk];
  const before = alpha.discovery.statistics();
  const destination = {
    domain: 'OFFICE',
    to: { kind: 'domain', name: 'OFFICE' },
    scope: 'site',
    messageLimit: 1000,
  } as const;
  for (const slot of ['$browse', '$echo']) {
    for (const text of ['', '01', '0101', '01030000', `0103${'ff'.repeat(50)}`]) {
      beta.carrier.send({ ...destination, slot }, Buffer.from(text, 'hex'));
    }
  }
  house.clock.advance(10);
  const { malformed } = alpha.discovery.statistics();
  assert.ok(malformed - before.malformed === 9, `${malformed} malformed`);
  assert.equal(present(alpha).length, 2);
});

test('offers that could not be announced are refused at once', () => {
  const house = office();
  for (const offers of [['Messenger'], [''], ['x'.repeat(33)], ['a b'], new Array(9).fill('x')]) {
    assert.throws(() => house.start('ALPHA', { offers }), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
  }
});

test('nothing is left running after close, whatever was going on', async () => {
  const clock = new VirtualClock();
  const house = new Office(clock, new SeededRandom(1));
  const desks = house.settled(3);
  house.start('NEW');
  clock.advance(120);
  const late = house.start('LATE');
  const search = late.discovery.find('NOBODY', 500);
  clock.advance(120);
  await Promise.all([...desks, late].map(({ discovery }) => discovery.close()));
  clock.advance(600);
  assert.equal(await search, false);
  // NEW alone goes on: its next announcement, and its look at who is overdue.
  assert.equal(clock.pending, 2);
});
