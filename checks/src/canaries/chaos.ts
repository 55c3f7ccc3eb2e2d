import type { Canary } from './canary.js';

const test = 'checks/dist/chaos/chaos.test.js';

/** What only shows when processes die at the wrong moment. */
export const chaosCanaries: readonly Canary[] = [
  {
    kind: 'defect',
    name: 'chaos: a write is done before the server has it',
    file: 'packages/mailslot/dist/msfs/client/ack-tracker.js',
    find: 'this.claims.push({',
    replace: 'resolve(); this.claims.push({',
    test,
    pattern: '^a short campaign passes: local',
  },
];
