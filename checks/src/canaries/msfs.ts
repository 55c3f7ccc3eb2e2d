import type { Canary } from './canary.js';

const msfs = 'packages/mailslot/dist/msfs';
const faults = 'checks/dist/faults';

/** Defects that only real processes, files and sockets show. */
export const msfsCanaries: readonly Canary[] = [
  {
    kind: 'harmless',
    name: 'faults: a comment reads differently',
    file: `${msfs}/space/probe.js`,
    find: 'Knocks at a socket',
    replace: 'Asks at a socket',
    test: `${faults}/crash.test.js`,
    pattern: '^kill -9 of a server: not found',
  },
  {
    kind: 'defect',
    name: 'faults: a living slot is taken for dead',
    file: `${msfs}/space/probe.js`,
    find: `resolve('alive')`,
    replace: `resolve('dead')`,
    test: `${faults}/race.test.js`,
    pattern: '^of 32 processes',
  },
  {
    kind: 'defect',
    name: 'faults: a write is done before the server has it',
    file: `${msfs}/client/ledger.js`,
    find: 'this.claims.push({',
    replace: 'resolve(); this.claims.push({',
    test: `${faults}/crash.test.js`,
    pattern: '^kill -9 of a server under fire',
  },
  {
    kind: 'defect',
    name: 'faults: a dropped message is counted twice',
    file: `${msfs}/server/inbox.js`,
    find: 'this.counters.droppedNewest += 1',
    replace: 'this.counters.droppedNewest += 2',
    test: `${faults}/full-queue.test.js`,
    pattern: '^drop-newest loses',
  },
  {
    kind: 'defect',
    name: 'faults: a message that is too large is sent all the same',
    file: `${msfs}/client/check.js`,
    find: 'size <= limit',
    replace: 'size >= 0',
    test: `${faults}/messages.test.js`,
    pattern: '^a message over maxMessageSize',
  },
  {
    kind: 'defect',
    name: 'faults: everybody may enter the slot of one user',
    file: `${msfs}/space/draft.js`,
    find: 'owner: [0o700, 0o600]',
    replace: 'owner: [0o755, 0o666]',
    test: `${faults}/modes.test.js`,
  },
  {
    kind: 'defect',
    name: 'docs: an error has another number than its page says',
    file: 'packages/mailslot/dist/errors.js',
    find: `['ERROR_NOT_ENOUGH_QUOTA', 1816]`,
    replace: `['ERROR_NOT_ENOUGH_QUOTA', 1817]`,
    test: 'checks/dist/reference/errors.test.js',
  },
  {
    kind: 'defect',
    name: 'wire: a hash of a name differs from its page',
    file: `${msfs}/space/hash.js`,
    find: '0x01000193',
    replace: '0x01000195',
    test: 'checks/dist/reference/wire.test.js',
  },
  {
    kind: 'defect',
    name: 'cli: an escape sequence of others reaches the terminal',
    file: 'packages/cli/dist/escape.js',
    find: String.raw`\p{Cc}`,
    replace: '',
    test: 'packages/cli/dist/escape.test.js',
  },
];
