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
  {
    kind: 'defect',
    name: 'floods: a NATS server is believed whatever it sends',
    file: 'packages/nats/dist/guarded.js',
    find: 'this.yields.push(...this.sieve.pass(chunk))',
    replace: 'this.yields.push(chunk)',
    test,
    pattern: 'asks without end and reads no answer',
  },
  {
    kind: 'defect',
    name: 'nats: a message ends where the server says, whatever stands there',
    file: 'packages/nats/dist/sieve.js',
    find: 'bytes[at + place] !== byte',
    replace: 'bytes[at + place] === undefined',
    test: 'packages/nats/dist/sieve.test.js',
  },
];
