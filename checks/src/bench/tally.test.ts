import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bodies } from './messages.js';
import { Tally } from './tally.js';

const SIZE = 64;

function messages(count: number): Buffer[] {
  const bodies = new Bodies(0, SIZE);
  return Array.from({ length: count }, () => bodies.take());
}

function hand(tally: Tally, bodies: readonly Buffer[]): void {
  for (const body of bodies) tally.onMessage(body, 0, body.length);
}

test('messages may overtake each other, and when they came is noted', async () => {
  const tally = new Tally(SIZE);
  hand(tally, messages(5).toReversed());
  const { received, ended } = await tally.settled(5);
  assert.equal(received, 5);
  const arrivals = tally.arrivals(6);
  assert.equal(Math.max(...arrivals), ended);
  assert.ok(arrivals.slice(0, 5).every((time) => time > 0) && arrivals[5] === 0);
});

test('it settles with the last message that was waited for', async () => {
  const tally = new Tally(SIZE);
  const [first, second] = messages(2) as [Buffer, Buffer];
  const settled = tally.settled(2);
  hand(tally, [first, second]);
  assert.equal((await settled).received, 2);
});

test('what is lost is waited for only as long as something comes', async () => {
  const tally = new Tally(SIZE);
  hand(tally, messages(5).slice(1));
  assert.equal((await tally.settled(5)).received, 4);
});

test('a message that comes twice is caught, before and while it is waited', async () => {
  const [first] = messages(1) as [Buffer];
  const early = new Tally(SIZE);
  hand(early, [first, first]);
  await assert.rejects(early.settled(1), /message 0 arrived again/);
  const late = new Tally(SIZE);
  const settled = late.settled(2);
  hand(late, [first, first]);
  await assert.rejects(settled, /message 0 arrived again/);
});

test('a message that was altered or cut is caught', async () => {
  const [altered, cut] = messages(2) as [Buffer, Buffer];
  altered[SIZE - 1]! ^= 1;
  for (const body of [altered, cut.subarray(0, SIZE - 1)]) {
    const tally = new Tally(SIZE);
    hand(tally, [body]);
    await assert.rejects(tally.settled(1), /wrong bytes/);
  }
});
