import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseName } from '../../name/slot-name.js';
import { hashKey } from './hash.js';

test('the file name of a slot is the same in every version, or two of them would not meet', () => {
  assert.deepEqual(['A', 'APP/EVENTS', 'ÉVÉNEMENTS', '\u{1f600}', 'A'.repeat(32_749)].map(hashKey), [
    '7bf007f3d23c200c4d4c9d45543d2cfd',
    '5ad9fb1a02534c9958f280beb8c4d114',
    'c5c20949ec64014d2c67dfdf125655f0',
    'eb07dd2720dacfb1dedb2ed72aa9b1bc',
    'ba47257d26157ae8245fa33c611886e6',
  ]);
});

test('it is 32 hexadecimal digits, whatever the name', () => {
  for (const key of ['', 'A', '\uffff'.repeat(32_749), '/', '../../ETC/PASSWD']) {
    assert.match(hashKey(key), /^[0-9a-f]{32}$/);
  }
});

test('all spellings of a name share it', () => {
  const spellings = ['app/Évents', 'APP\\éVENTS', '//./mailslot/App/évents'];
  assert.equal(new Set(spellings.map((spelling) => hashKey(parseName(spelling).key))).size, 1);
});

/** Names as people count them up, and all short ones over a small alphabet. */
function* names(): Generator<string> {
  for (let number = 0; number < 50_000; number += 1) {
    yield `WORKER-${number}`;
    yield `${number}/EVENTS`;
  }
  const letters = [...'AB/\u0100'];
  let words = letters;
  for (let length = 1; length <= 7; length += 1) {
    yield* words;
    words = words.flatMap((word) => letters.map((letter) => word + letter));
  }
}

test('among a hundred thousand names that resemble each other no two share it, nor half of it', () => {
  const halves = [new Set<string>(), new Set<string>()] as const;
  const all = new Set(names());
  for (const key of all) {
    const digits = hashKey(key);
    halves[0].add(digits.slice(0, 16));
    halves[1].add(digits.slice(16));
  }
  assert.deepEqual([halves[0].size, halves[1].size], [all.size, all.size]);
});

test('one unit that differs changes about half of the bits', () => {
  let changed = 0;
  const rounds = 2000;
  for (let round = 0; round < rounds; round += 1) {
    const key = `APP/EVENTS/${round}`;
    const other = key.replace('E', 'F');
    changed += bitsOf(hashKey(key), hashKey(other));
  }
  const share = changed / rounds / 128;
  assert.ok(share > 0.48 && share < 0.52, `${share} of the bits`);
});

function bitsOf(one: string, other: string): number {
  const difference = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  return difference.toString(2).replaceAll('0', '').length;
}
