import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onUnix } from '../harness/platform.js';
import { needs } from '../support/needs.js';
import { floods } from './all.js';
import { runInProcess } from './in-process.js';

const SECONDS = 1;

for (const flood of floods) {
  const options = onUnix.skip ? onUnix : needs(...(flood.needs ?? []));
  test(`${flood.resource}: bounded, whatever is done by ${flood.attacker}`, options, async () => {
    const flooded = await runInProcess(flood, SECONDS);
    assert.ok(flooded.ok, JSON.stringify(flooded));
  });
}

test('two floods are not called the same', () => {
  const names = floods.map(({ resource, attacker }) => `${resource} ${attacker}`);
  assert.equal(new Set(names).size, names.length);
});
