import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onUnix } from '../harness/platform.js';
import { needs } from '../support/needs.js';
import { runNode } from '../support/program.js';

const main = 'checks/dist/chaos/main.js';

for (const [part, options] of [
  ['local', onUnix],
  ['domain', onUnix.skip ? onUnix : needs('root', 'ip')],
] as const) {
  test(`a short campaign passes: ${part}`, options, () => {
    const { code, stdout } = runNode([main, part, '--events', '12', '--seed', '1']);
    assert.equal(code, 0, stdout);
    const { chaos, ok, events } = JSON.parse(stdout);
    assert.deepEqual({ chaos, ok, events }, { chaos: part, ok: true, events: 12 });
  });
}

test('a part that is not there is said to be so', () => {
  assert.notEqual(runNode([main, 'nowhere']).code, 0);
});
