import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decorated } from '../../transport/decorated.js';
import { CALM } from '../impairments.js';
import { SimulatedNetwork } from '../simulated-network.js';
import { VirtualClock } from '../virtual-clock.js';
import { type Broken, brokenTransports } from './broken.test.support.js';
import type { ConformanceCase } from './case.js';
import type { Medium } from './medium.js';
import { conformanceCases, runConformanceCase } from './suite.js';

function mediumOf({ spoil, domain: one }: Broken): Medium {
  const clock = new VirtualClock();
  const network = new SimulatedNetwork({ clock, seed: 1, impairments: CALM });
  return {
    transport: (domain, computer) => spoil(network.transport({ domain: one ?? domain, computer }), computer),
    settle: () => clock.pass(100),
    attempts: 1,
  };
}

function caseOf(part: string): ConformanceCase {
  const [found, ...others] = conformanceCases.filter(({ title }) => title.includes(part));
  assert.ok(found, `no case is about "${part}"`);
  assert.deepEqual(others, [], `several cases are about "${part}"`);
  return found;
}

async function assertCaught(broken: Broken): Promise<void> {
  const outcome = runConformanceCase(caseOf(broken.caughtBy), () => mediumOf(broken));
  await assert.rejects(outcome, { message: broken.complaint });
}

for (const broken of brokenTransports) test(`caught: ${broken.defect}`, () => assertCaught(broken));

test('every case catches something', () => {
  const idle = conformanceCases
    .map(({ title }) => title)
    .filter((title) => !brokenTransports.some(({ caughtBy }) => title.includes(caughtBy)));
  assert.deepEqual(idle, []);
});

test('a case that fails closes what it had started', async () => {
  let open = 0;
  await assertCaught({
    defect: 'it sends nothing',
    caughtBy: 'reaches all',
    complaint: /did not arrive/,
    spoil: (transport) => {
      open += 1;
      return decorated(transport, {
        send: () => true,
        close: async () => {
          open -= 1;
        },
      });
    },
  });
  assert.equal(open, 0);
});
