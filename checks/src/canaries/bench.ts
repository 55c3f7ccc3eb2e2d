import type { Canary } from './canary.js';

const verifier = {
  test: 'checks/dist/bench/verifier.test.js',
  file: 'checks/dist/bench/verifier.js',
} as const;

/** A bench that would believe anything. */
export const benchCanaries: readonly Canary[] = [
  {
    ...verifier,
    kind: 'harmless',
    name: 'bench: a comment reads differently',
    find: 'Takes note of a message.',
    replace: 'Notes a message.',
  },
  {
    ...verifier,
    kind: 'defect',
    name: 'bench: nobody looks whether messages are lost',
    find: 'number !== this.expected[writer]',
    replace: 'false',
  },
  {
    ...verifier,
    kind: 'defect',
    name: 'bench: a contestant that cheats on the checksum is believed',
    file: 'checks/dist/bench/messages.js',
    find: 'bytes[end - 1] === checkByte(writerOf(bytes, start), number, size)',
    replace: 'true',
  },
  {
    kind: 'defect',
    name: 'bench: a message of another computer that comes twice counts twice',
    file: 'checks/dist/bench/tally.js',
    find: '!isRight || this.times[number] !== 0',
    replace: '!isRight',
    test: 'checks/dist/bench/tally.test.js',
  },
  {
    kind: 'defect',
    name: 'bytes: a read writes over the beginning of a message that another connection left',
    file: 'packages/mailslot/dist/msfs/server/slabs.js',
    find: 'this.holder?.moveOut();',
    replace: '',
    test: 'packages/mailslot/dist/msfs/server/connection-lent.test.js',
  },
];
