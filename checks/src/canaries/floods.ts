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
  {
    kind: 'defect',
    name: 'cli: a line that comes byte by byte is kept as bytes without number',
    file: 'packages/cli/dist/commands/slots/body.js',
    find: 'begun.add(rest);',
    replace: 'begun.add(rest); (globalThis.kept ??= []).push(rest);',
    test: 'packages/cli/dist/commands/slots/body.test.js',
    pattern: 'byte by byte',
  },
  {
    kind: 'defect',
    name: 'files: what is no file is read as one',
    file: 'packages/mailslot/dist/msfs/small-file.js',
    find: '!stats.isFile() || ',
    replace: '',
    test: 'packages/mailslot/dist/msfs/small-file.test.js',
    pattern: 'not waited for',
  },
  {
    kind: 'defect',
    name: 'files: a history is read whole, however long somebody made it',
    file: 'packages/mailslot/dist/messenger/history-files.js',
    find: 'start > reading.at',
    replace: 'start > Infinity',
    test: 'packages/mailslot/dist/messenger/history.test.js',
    pattern: '10 GB',
  },
];
