import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from './seeded-random.js';

const hex = (seed: number): string => Buffer.from(new SeededRandom(seed).bytes(16)).toString('hex');

test('a seed gives the same chance for ever', () => {
  assert.equal(hex(1), 'bc338cd948608cbd52c9441cc88001b3');
  assert.equal(hex(2 ** 53 - 1), '1451faa80691882349198d155ac19316');
});

test('neighbouring and large seeds have nothing in common', () => {
  const seeds = [0, 1, 2, 3, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 53 - 1];
  const firsts = new Set(seeds.map((seed) => hex(seed).slice(0, 8)));
  assert.equal(firsts.size, seeds.length);
});

test('fractions are spread evenly, and whole numbers stay below their limit', () => {
  const random = new SeededRandom(3);
  const counts = new Array<number>(10).fill(0);
  for (let round = 0; round < 10_000; round += 1) {
    const number = random.below(10);
    counts[number] = (counts[number] as number) + 1;
  }
  for (const count of counts) assert.ok(count > 850 && count < 1_150, `${counts}`);
  assert.equal(counts.length, 10);
});

test('what never happens uses up no chance', () => {
  const [one, other] = [new SeededRandom(4), new SeededRandom(4)];
  assert.equal(one.happens(0), false);
  assert.equal(one.fraction(), other.fraction());
  assert.equal(one.happens(1), true);
});
