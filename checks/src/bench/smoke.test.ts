import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { needs } from '../support/needs.js';
import { Bench, QUICK } from './bench.js';
import { fanOutOf } from './cases/fan-out.js';
import { tripsOf } from './cases/latency.js';
import { visitsOf } from './cases/opening.js';
import { tryOut } from './cases/smoke.js';
import { contestantNamed, honest } from './contestants/all.js';

// What needs a library that is no part of the workspace is tried where it is fetched: `npm run bench -- local --case smoke`.
const atHand = honest.filter((name) => contestantNamed(name).library === undefined);
for (const name of atHand) {
  const { broker, title } = contestantNamed(name);
  test(`bench: ${title}`, needs(...(broker === 'nats-server' ? [broker] : [])), async (t) => {
    await tryOut(newBench(t), name);
  });
}

test('bench: round trips, fresh handles and many slots', async (t) => {
  const bench = newBench(t);
  const trips = await tripsOf(bench, 'mailslot', 10);
  assert.ok(trips.length === 10 && trips.every((micros) => micros > 0));
  assert.ok((await visitsOf(bench, 'mailslot-send-message', 5)) > 0);
  await fanOutOf(bench, 'mailslot', { processes: 2, slots: 2 }, { messages: 10 });
});

test('a contestant that drops each 1,000th message is caught', async (t) => {
  await assert.rejects(
    tryOut(newBench(t), 'forgetful'),
    /message 1000 of writer \d arrived where 999 comes next/,
  );
});

test('a contestant that sends wrong check bytes is caught', async (t) => {
  await assert.rejects(tryOut(newBench(t), 'careless'), /message 999 of writer \d arrived with wrong bytes/);
});

function newBench(t: TestContext): Bench {
  const bench = new Bench(QUICK);
  t.after(() => bench.close());
  return bench;
}
