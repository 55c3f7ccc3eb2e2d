import type { Canary } from './canary.js';

const server = 'packages/mailslot/dist/msfs/server';
const test = 'checks/dist/fuzz/api/api.test.js';

/** Defects of the library's calls, which a random sequence of them must find. */
export const apiCanaries: readonly Canary[] = [
  {
    kind: 'defect',
    name: 'api: a read that was called off takes a message',
    file: `${server}/reads.js`,
    find: 'if (!this.reads.delete(read))',
    replace: 'if (!this.reads.has(read))',
    test,
  },
  {
    kind: 'defect',
    name: 'api: one message too many makes way for a newer one',
    file: `${server}/inbox.js`,
    find: 'while (!this.queue.fits(charge)) {',
    replace: 'while (!this.queue.fits(charge + 1)) {',
    test,
  },
  {
    kind: 'defect',
    name: 'api: a message that does not fit into the buffer is gone',
    file: `${server}/slot.js`,
    find: 'if (size > buffer.length)',
    replace: 'if (size > buffer.length && this.#inbox.deliver())',
    test,
  },
  {
    kind: 'defect',
    name: 'api: refused posts are forgotten',
    file: 'packages/mailslot/dist/msfs/client/ack-tracker.js',
    find: 'this.refusedPosts += count;',
    replace: '',
    test,
  },
];
