import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_HANDOVERS, ROSTER_TRIES } from '../limits.js';
import { SeededRandom } from '../testing/seeded-random.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { decode } from './announcement.js';
import { isChosen } from './choice.js';
import { HandedRoster } from './handed-roster.js';
import { type Audience, Handover } from './handover.js';
import { Roster } from './roster.js';

const random = new SeededRandom(1);
const newId = (): string => Buffer.from(random.bytes(8)).toString('hex');
const facts = { intervalMs: 10_000, runningSeconds: 5, machine: newId(), offers: [] };

function rosterOf(instances: readonly string[], asking: readonly string[] = []): Roster {
  const roster = new Roster(() => {});
  for (const instance of instances) {
    const source = { instance, computer: `PC-${instance}`, via: 'lan', address: '10.0.0.1:1' };
    roster.announced(source, facts, asking.includes(instance), 0);
  }
  return roster;
}

/** Which of the instances take it on themselves to answer. */
const chosen = (roster: Roster, newcomer: string, attempt: number): string[] =>
  Array.from(roster.peers(), ({ instance }) => instance).filter((own) =>
    isChosen(own, newcomer, attempt, roster.peers(), 0),
  );

test('two answer each request, others each time, in turn', () => {
  for (const count of [1, 2, 3, 7, 100]) {
    const roster = rosterOf(Array.from({ length: count }, newId));
    const newcomer = newId();
    const answers = [1, 2, 3].map((attempt) => chosen(roster, newcomer, attempt));
    for (const each of answers) assert.equal(each.length, Math.min(count, 2), `${count} members`);
    if (count >= 6) assert.equal(new Set(answers.flat()).size, 6);
  }
});

test('the work is spread over the members', () => {
  const roster = rosterOf(Array.from({ length: 20 }, newId));
  const times = new Map<string, number>();
  for (let newcomer = 0; newcomer < 1000; newcomer += 1) {
    for (const member of chosen(roster, newId(), 1)) times.set(member, (times.get(member) ?? 0) + 1);
  }
  assert.equal(times.size, 20);
  assert.ok(
    [...times.values()].every((count) => count > 50 && count < 160),
    [...times.values()].join(),
  );
});

test('who waits for the roster does not hand it over, unless all wait; nor who is silent', () => {
  const members = Array.from({ length: 6 }, newId);
  const [one, two, ...others] = members as [string, string];
  const newcomer = newId();
  assert.deepEqual(chosen(rosterOf(members, others), newcomer, 1).sort(), [one, two].sort());
  assert.equal(chosen(rosterOf(members, members), newcomer, 1).length, 2);
  const roster = rosterOf(members);
  assert.equal(isChosen(one, newcomer, 1, roster.peers(), 20_000), false);
  assert.ok(!chosen(roster, one, 1).includes(one), 'nobody answers himself');
});

function member(count: number, send: (to: Audience, data: Uint8Array) => boolean) {
  const own = newId();
  const clock = new VirtualClock();
  const roster = rosterOf([own, ...Array.from({ length: count - 1 }, newId)], []);
  // Alone fit to answer: all others are silent.
  for (const peer of roster.peers()) if (peer.instance !== own) peer.heardAt = -20_000;
  return { clock, handover: new Handover({ roster, clock, messageLimit: 60_000, own: () => own, send }) };
}

test('a roster leaves in parts, one at a time, to the one who asked', () => {
  const sent: { to: Audience; at: number; data: Uint8Array }[] = [];
  const { clock, handover } = member(1000, (to, data) => sent.push({ to, at: clock.monotonic(), data }) > 0);
  handover.asked(newId(), 'NEW', 1);
  clock.advance(1000);
  assert.deepEqual(new Set(sent.map(({ to }) => to !== 'all' && to.computer)), new Set(['NEW']));
  assert.ok(sent.length > 5);
  assert.equal(new Set(sent.map(({ at }) => at)).size, sent.length);
  const entries = sent.flatMap(({ data }) => {
    const part = decode(data);
    return part?.kind === 'roster' ? part.entries : [];
  });
  assert.equal(new Set(entries.map(({ instance }) => instance)).size, 1000);
  assert.equal(clock.pending, 0);
});

test('who asks again gets parts that fit packets of which nothing was shown', () => {
  const sizesFor = (attempt: number): number[] => {
    const sizes: number[] = [];
    const { clock, handover } = member(1_000, (_, data) => sizes.push(data.length) > 0);
    handover.asked(newId(), 'NEW', attempt);
    clock.advance(10_000);
    return sizes;
  };
  assert.ok(Math.max(...sizesFor(1)) > 4_000);
  const again = sizesFor(2);
  assert.ok(again.length > 20 && Math.max(...again) <= 1_000, `${Math.max(...again)}`);
});

test('many who ask together get one for all, and no second one soon after, from whomever', () => {
  const sent: Audience[] = [];
  const { clock, handover } = member(10, (to) => sent.push(to) > 0);
  const crowd = (): void => {
    for (let number = 0; number < 200; number += 1) handover.asked(newId(), `NEW-${number}`, 1);
    clock.advance(50);
  };
  crowd();
  crowd();
  assert.deepEqual(sent, ['all']);
  clock.advance(200);
  handover.wasGivenToAll();
  crowd();
  assert.deepEqual(sent, ['all']);
  clock.advance(200);
  crowd();
  assert.deepEqual(sent, ['all', 'all']);
});

test('what finds no room is tried again for a while and then given up', () => {
  let tries = 0;
  const { clock, handover } = member(1, () => {
    tries += 1;
    return false;
  });
  handover.asked(newId(), 'NEW', 1);
  clock.advance(10_000);
  assert.equal(tries, ROSTER_TRIES);
  assert.equal(clock.pending, 0);
});

test('rosters under way are bounded, whatever is asked', () => {
  const served = new Set<string>();
  const { clock, handover } = member(1, (to) => {
    served.add(to === 'all' ? '*' : to.computer);
    return false;
  });
  for (let number = 0; number < 100; number += 1) {
    handover.asked(newId(), `NEW-${number}`, 1);
    clock.advance(31);
    if (number === 20) clock.advance(0);
  }
  clock.advance(60_000);
  assert.ok(served.size < 3 * MAX_HANDOVERS, `${served.size} served`);
  handover.asked(newId(), 'LAST', 1);
  clock.advance(31);
  handover.close();
  assert.equal(clock.pending, 0);
});

test('the one who asked knows when it has all parts, whatever their order, and when to ask again', () => {
  const handed = new HandedRoster();
  assert.ok(handed.isWanted(0));
  handed.take('one', 2, 3, 0);
  handed.take('two', 0, 2, 0);
  assert.ok(!handed.isWanted(100), 'more is on its way');
  assert.ok(handed.isWanted(101), 'no part for a while');
  handed.take('one', 0, 3, 200);
  handed.take('one', 0, 3, 200);
  assert.ok(handed.isWanted(400));
  handed.take('one', 1, 3, 400);
  assert.ok(!handed.isWanted(10_000));
  handed.begin();
  assert.ok(handed.isWanted(10_000));
});

test('parts of another roster of the same member do not complete the first', () => {
  const handed = new HandedRoster();
  handed.take('one', 0, 2, 0);
  handed.take('one', 1, 3, 0);
  handed.take('one', 2, 3, 0);
  assert.ok(handed.isWanted(1000));
});
