import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runNode } from '../support/program.js';
import { measureDiscovery } from './discovery/measure.js';
import { isQuick } from './discovery/report.js';
import { run } from './run.js';

const main = 'checks/dist/simulate/main.js';

test('20 seeds of 40 computers: nothing twice, forged, in the wrong place or uncounted', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { violation, counts } = await run({ seed, computers: 40, isThorough: true });
    assert.equal(violation, undefined, `seed ${seed}`);
    assert.ok((counts['messages'] ?? 0) > 100, `seed ${seed} tries nothing`);
  }
});

test('300 computers', async () => {
  const { violation, counts } = await run({ seed: 1, computers: 300, isThorough: false });
  assert.equal(violation, undefined);
  for (const name of [
    'lost',
    'cut',
    'replayed',
    'delivered',
    'no-slot',
    'not-allowed',
    'duplicate',
    'clock',
    'gaps',
  ])
    assert.ok((counts[name] ?? 0) > 0, `${name} did not happen`);
});

test('a seed is the same history in each process, also when it is looked at closely', () => {
  const history = (...args: string[]): unknown => {
    const { code, stdout } = runNode([main, '--computers', '30', '--json', ...args]);
    assert.equal(code, 0, stdout);
    return JSON.parse(stdout.split('\n')[0] ?? '').history;
  };
  const closely = history('--seed', '7');
  assert.match(String(closely), /^[0-9a-f]{16}$/);
  assert.equal(history('--seed', '7', '--seeds', '1'), closely);
  assert.notEqual(history('--seed', '8'), closely);
});

test('100 computers: a newcomer is known in a second, and the LAN stays quiet', async () => {
  const discovery = await measureDiscovery(100, () => {});
  assert.ok(isQuick(discovery), JSON.stringify(discovery));
});
