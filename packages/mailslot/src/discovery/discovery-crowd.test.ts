import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../testing/seeded-random.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { type Desk, Office, present, watched } from './office.test.support.js';

/*
 * What a domain costs its network, and how fast it learns, from one computer to some hundreds; the schedule's own test tells of more.
 */

const ANNOUNCEMENT = 1;
const ROSTER_PART = 3;

/** Messages of a kind that were sent since `hub.sent` was emptied. */
const sentOf = ({ hub }: Office, kind: number): number =>
  hub.sent.filter(({ data }) => data[1] === kind).length;

/** Some of many: to list them all everywhere would take longer than all the rest. */
const sample = (desks: readonly Desk[]): Desk[] =>
  desks.filter((_, at) => at % Math.ceil(desks.length / 10) === 0);

for (const count of [1, 2, 3, 10, 30, 100, 300]) {
  test(`${count} computers: start together, find each other, stay quiet, greet a newcomer`, () => {
    const office = new Office(new VirtualClock(), new SeededRandom(count));
    const { hub, clock } = office;
    const desks = Array.from({ length: count }, (_, at) => office.start(`PC-${at}`));

    clock.advance(1000);
    for (const desk of sample(desks)) assert.equal(present(desk).length, count, 'all know all in a second');
    assert.ok(sentOf(office, ANNOUNCEMENT) <= 4 * count);
    assert.ok(sentOf(office, ROSTER_PART) <= 50, 'a LAN that starts makes no storm');

    // Those who began before they knew how many they are have a short interval behind them.
    clock.advance(2000);
    hub.sent = [];
    clock.advance(30_000);
    const perSecond = sentOf(office, ANNOUNCEMENT) / 30;
    assert.ok(
      perSecond > 0.7 * Math.min(count, 10) && perSecond < 1.3 * Math.min(count, 10),
      `${perSecond} a second`,
    );
    assert.equal(sentOf(office, ROSTER_PART), 0, 'nobody asks anew');

    hub.sent = [];
    const heard = desks.map(watched);
    const newcomer = office.start('NEW');
    clock.advance(999);
    assert.ok(
      heard.every(([first]) => first === 'appeared NEW'),
      'it is known to all',
    );
    assert.equal(present(newcomer).length, count + 1, 'and knows all');
    // Who was alone asks too.
    if (count > 1) checkHandover(office);
  });
}

/** One or two members hand the roster to the newcomer alone, in messages of 8 KB, once. */
function checkHandover({ hub }: Office): void {
  const parts = hub.sent.filter(({ data }) => data[1] === ROSTER_PART);
  const members = new Set(parts.map(({ from }) => from));
  assert.ok(members.size === 1 || members.size === 2, `${members.size} members`);
  assert.ok(parts.every(({ destination: { to } }) => to.kind === 'computer' && to.name === 'NEW'));
  assert.ok(parts.every(({ data }) => data.length <= 8192));
  assert.ok(
    parts.length <= members.size * Math.ceil((hub.carriers.length * 70) / 8000),
    `${parts.length} parts`,
  );
}
