import type { Canary } from './canary.js';

const test = 'checks/dist/floods/floods.test.js';

/** Bounds that do not hold; the flood of the resource must notice. */
export const floodCanaries: readonly Canary[] = [
  {
    kind: 'defect',
    name: 'floods: a full queue takes what its writers have',
    file: 'packages/mailslot/dist/msfs/server/queue.js',
    find: 'this.charged + charge <= this.capacity',
    replace: 'this.charged >= 0',
    test,
    pattern: '^queue of a slot: ',
  },
];
