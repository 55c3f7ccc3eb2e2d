import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ANNOUNCE_MAX_MS,
  CLAIM_MS,
  MAX_ADDRESSES,
  MAX_HEARSAY,
  MAX_PEERS,
  MAX_PEERS_PER_COMPUTER,
  SETTLE_MS,
  UNSETTLED_MS,
} from '../limits.js';
import { Roster, type Source } from './roster.js';

const id = (number: number): string => number.toString(16).padStart(16, '0');

const facts = { intervalMs: 10_000, runningSeconds: 5, machine: id(1), offers: [] };

const source = (number: number, computer = `PC-${number}`): Source => ({
  instance: id(number),
  computer,
  via: 'lan',
  address: `10.0.0.${number}:1`,
});

function roster(bound?: number): { readonly roster: Roster; readonly changes: string[] } {
  const changes: string[] = [];
  return { changes, roster: new Roster((change, { name }) => changes.push(`${change} ${name}`), bound) };
}

test('silence is an announcement overdue, gone is three, forgotten is ten minutes later', () => {
  const { roster: house, changes } = roster();
  house.announced(source(1), facts, false, 0);
  for (const [now, told] of [
    [15_000, []],
    [15_001, ['silent PC-1']],
    [35_000, []],
    [35_001, ['gone PC-1']],
    [600_000, []],
  ] as const) {
    changes.length = 0;
    house.age(now);
    assert.deepEqual(changes, told, `at ${now}`);
  }
  assert.ok(house.find('pc-1'));
  house.age(635_001);
  assert.equal(house.find('PC-1'), undefined);
});

test('who promised a longer interval is waited for longer', () => {
  const { roster: house } = roster();
  house.announced(source(1), { ...facts, intervalMs: 100_000 }, false, 0);
  house.announced(source(2), facts, false, 0);
  house.age(100_000);
  assert.equal(house.find('PC-1')?.state, 'here');
  assert.equal(house.find('PC-2')?.state, 'gone');
});

test('hearsay counts if it is fresher than what we heard ourselves, and keeps its age', () => {
  const { roster: house, changes } = roster();
  const entry = { instance: id(1), computer: 'PC-1', address: '10.0.0.1:1', facts };
  house.told({ ...entry, ageMs: 36_000 }, 'lan', 50_000);
  assert.equal(house.count, 0, 'what is gone already is no news');
  house.told({ ...entry, ageMs: 20_000 }, 'lan', 50_000);
  assert.equal(house.find('PC-1')?.state, 'silent');
  house.told({ ...entry, ageMs: 30_000 }, 'lan', 50_000);
  assert.equal(house.find('PC-1')?.peers[0]?.heardAt, 30_000);
  house.told({ ...entry, ageMs: 5_000 }, 'lan', 50_000);
  assert.equal(house.find('PC-1')?.peers[0]?.heardAt, 45_000);
  assert.deepEqual(changes, ['appeared PC-1', 'returned PC-1']);
});

test('a goodbye outweighs what others heard before it', () => {
  const { roster: house } = roster();
  house.announced(source(1), facts, false, 0);
  house.left(id(1), 1000);
  const entry = { instance: id(1), computer: 'PC-1', address: '', facts, ageMs: 1500 };
  house.told(entry, 'lan', 2000);
  assert.equal(house.find('PC-1')?.state, 'gone');
  house.announced(source(1), facts, false, 3000);
  assert.equal(house.find('PC-1')?.state, 'here');
});

test('a successor takes the place only of an instance of the same computer and machine', () => {
  const { roster: house } = roster();
  house.announced(source(1), facts, false, 0);
  house.announced(source(2), facts, false, 0);
  house.announced(source(3, 'PC-1'), { ...facts, machine: id(9) }, false, 0);
  house.replaced(id(1), id(2), 1);
  house.replaced(id(1), id(3), 1);
  house.replaced(id(1), id(1), 1);
  assert.equal(house.count, 3);
  house.announced(source(4, 'pc-1'), facts, false, 1);
  house.replaced(id(1), id(4), 1);
  assert.equal(house.count, 3);
});

test('addresses are the latest few', () => {
  const { roster: house } = roster();
  for (let number = 0; number < 10; number += 1) {
    house.announced({ ...source(1), address: `10.0.0.${number}:1` }, facts, false, number);
  }
  house.announced({ ...source(1), address: '10.0.0.7:1' }, facts, false, 10);
  const addresses = house.find('PC-1')?.peers[0]?.addresses;
  assert.equal(addresses?.length, MAX_ADDRESSES);
  assert.deepEqual(addresses, ['10.0.0.7:1', '10.0.0.9:1', '10.0.0.8:1', '10.0.0.6:1']);
});

test('an instance cannot change its computer, and a computer needs a name', () => {
  const { roster: house } = roster();
  house.announced(source(1), facts, false, 0);
  house.announced(source(1, 'OTHER'), facts, false, 1);
  for (const name of ['', '*', 'a/b', 'a\\b', '.', 'a\0']) house.announced(source(2, name), facts, false, 1);
  assert.equal(house.refused, 7);
  assert.equal(house.count, 1);
});

test('a full roster makes room by forgetting who is gone, then hearsay, then who was heard once, then the oldest', () => {
  const { roster: house } = roster(4);
  house.announced(source(1), facts, false, 0);
  house.announced(source(1), facts, false, SETTLE_MS);
  house.announced(source(2), facts, false, SETTLE_MS);
  const told = (number: number) => {
    house.told({ ...source(number), facts, ageMs: 0 }, 'lan', SETTLE_MS);
  };
  for (const number of [3, 4, 5]) told(number);
  assert.deepEqual(
    [names(house), house.refused],
    [['PC-1', 'PC-2', 'PC-3', 'PC-4'], 1],
    'half is for hearsay',
  );
  house.left(id(3), SETTLE_MS);
  const appears = (number: number) => {
    house.announced(source(number), facts, false, SETTLE_MS + number);
    return names(house);
  };
  assert.deepEqual(appears(6), ['PC-1', 'PC-2', 'PC-4', 'PC-6']);
  assert.deepEqual(appears(7), ['PC-1', 'PC-2', 'PC-6', 'PC-7']);
  assert.deepEqual(appears(8), ['PC-1', 'PC-6', 'PC-7', 'PC-8']);
  told(9);
  assert.deepEqual(
    names(house),
    ['PC-1', 'PC-6', 'PC-7', 'PC-8'],
    'nobody who was heard makes room for hearsay',
  );
});

test('20,000 made-up computers in a roster hide no newcomer and slow nobody down', () => {
  const { roster: house } = roster();
  const lazy = { ...facts, intervalMs: ANNOUNCE_MAX_MS };
  house.announced(source(0), facts, false, 0);
  for (let number = 1; number <= MAX_PEERS; number += 1) {
    house.told({ ...source(number, `GHOST-${number}`), facts: lazy, ageMs: 0 }, 'lan', 0);
  }
  assert.equal(house.count, 1 + MAX_HEARSAY);
  assert.equal(house.population(0), 1);
  house.announced(source(MAX_PEERS + 1, 'NEWCOMER'), facts, false, 1);
  assert.equal(house.find('NEWCOMER')?.state, 'here');
  assert.equal(house.population(1), 2);
});

test('20,000 made-up announcements hide nobody who is settled, and count for half a minute', () => {
  const { roster: house } = roster();
  const lazy = { ...facts, intervalMs: ANNOUNCE_MAX_MS };
  for (const now of [0, SETTLE_MS]) house.announced(source(0), lazy, false, now);
  for (let number = 1; number <= MAX_PEERS + 100; number += 1) {
    house.announced(source(number, `GHOST-${number}`), lazy, false, SETTLE_MS);
  }
  assert.equal(house.count, MAX_PEERS);
  assert.equal(house.find('PC-0')?.state, 'here');
  house.announced(source(MAX_PEERS + 1_000, 'NEWCOMER'), facts, false, SETTLE_MS + 1);
  assert.equal(house.find('NEWCOMER')?.state, 'here');
  assert.equal(house.population(SETTLE_MS + UNSETTLED_MS + 2), 1);
});

test('what others tell changes nothing about who was heard here, but that it is still there', () => {
  const { roster: house } = roster();
  house.announced(source(1), facts, false, 0);
  const tell = (now: number) => {
    const other = { ...facts, intervalMs: ANNOUNCE_MAX_MS, offers: ['lies'] };
    house.told({ ...source(1), facts: other, ageMs: 0 }, 'lan', now);
    return house.find('PC-1')?.peers[0];
  };
  assert.deepEqual([tell(1)?.facts, tell(1)?.heardAt], [facts, 0]);
  house.age(20_000);
  assert.deepEqual([tell(20_000)?.facts, tell(20_000)?.heardAt], [facts, 20_000]);
  house.age(20_000 + 35_001);
  assert.equal(house.find('PC-1')?.state, 'gone', 'no word of others makes it promise more');
});

test('whoever claims an instance first does not keep it', () => {
  const { roster: house } = roster();
  house.announced(source(1, 'MALLORY'), { ...facts, intervalMs: ANNOUNCE_MAX_MS }, false, 0);
  house.announced(source(1), facts, false, 1_000);
  assert.equal(house.find('PC-1'), undefined);
  house.announced(source(1), facts, false, CLAIM_MS + 1);
  assert.deepEqual(names(house), ['PC-1']);
  house.told({ ...source(2, 'MALLORY'), facts, ageMs: 0 }, 'lan', 10_000);
  house.announced(source(2), facts, false, 10_000);
  assert.deepEqual(names(house), ['PC-1', 'PC-2'], 'hearsay claims nothing');
});

test('of the instances of one name those go first that were only told of, then those heard once', () => {
  const { roster: house } = roster();
  for (const now of [0, SETTLE_MS]) house.announced(source(0, 'LOOP'), facts, false, now);
  for (let number = 1; number < 100; number += 1) {
    house.announced(source(number, 'LOOP'), facts, false, SETTLE_MS + number);
    house.told({ ...source(100 + number, 'LOOP'), facts, ageMs: 0 }, 'lan', SETTLE_MS + number);
  }
  const peers = house.find('LOOP')?.peers ?? [];
  assert.equal(peers.length, MAX_PEERS_PER_COMPUTER);
  assert.ok(peers.some(({ instance }) => instance === id(0)));
});

test('a redirector that starts over and over is one computer with a bounded number of instances', () => {
  const { roster: house, changes } = roster();
  for (let number = 0; number < 1000; number += 1) {
    house.announced(source(number, 'LOOP'), { ...facts, machine: id(number) }, false, number);
  }
  assert.equal(house.count, MAX_PEERS_PER_COMPUTER);
  assert.ok(house.find('LOOP')?.peers.some(({ instance }) => instance === id(999)));
  assert.deepEqual(changes, ['appeared LOOP']);
});

test('whatever is said, the roster keeps to its bound and its parts agree', () => {
  const who = fc.record({ number: fc.nat(40), name: fc.nat(12) });
  const step = fc.record({
    kind: fc.nat(4),
    who,
    other: fc.nat(40),
    passed: fc.nat(20_000),
    age: fc.nat(60_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 15 }), (steps, bound) => {
      const { roster: house } = roster(bound);
      let now = 0;
      for (const {
        kind,
        who: { number, name },
        other,
        passed,
        age,
      } of steps) {
        now += passed;
        const from = source(number, `PC-${name}`);
        if (kind === 0) house.announced(from, { ...facts, machine: id(number % 5) }, false, now);
        else if (kind === 1) house.told({ ...from, ageMs: age, facts }, 'lan', now);
        else if (kind === 2) house.left(from.instance, now);
        else if (kind === 3) house.replaced(id(other), from.instance, now);
        else house.age(now);
        const peers = Array.from(house.computers()).flatMap((computer) => computer.peers);
        assert.ok(peers.length <= bound && house.count <= peers.length);
        assert.equal(new Set(peers.map(({ instance }) => instance)).size, peers.length);
        assert.ok(Array.from(house.peers()).every((peer) => peers.includes(peer)));
        assert.ok(Array.from(house.computers()).every((computer) => computer.peers.length > 0));
      }
      house.age(now + 10_000_000);
      assert.deepEqual(names(house).length, house.count);
      house.age(now + 20_000_000);
      assert.deepEqual(names(house), []);
    }),
  );
});

function names(house: Roster): string[] {
  return Array.from(house.computers(), ({ name }) => name).sort();
}
