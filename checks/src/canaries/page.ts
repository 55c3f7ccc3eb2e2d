import type { Canary } from './canary.js';

const room = 'packages/cli/dist/page';

/** Where others would get at the page of a messenger, or a page would miss something. */
export const pageCanaries: readonly Canary[] = [
  {
    kind: 'harmless',
    name: 'page: a comment reads differently',
    file: `${room}/gate.js`,
    find: 'being on this computer proves nothing',
    replace: 'that proves nothing',
    test: `${room}/attacks.test.js`,
  },
  {
    kind: 'defect',
    name: 'page: it is had under whatever name leads to this computer',
    file: `${room}/gate.js`,
    find: '!this.#hosts.includes(host)',
    replace: 'false',
    test: `${room}/attacks.test.js`,
  },
  {
    kind: 'defect',
    name: 'page: a page of another site can post',
    file: `${room}/gate.js`,
    find: 'origin !== undefined &&',
    replace: 'false &&',
    test: `${room}/attacks.test.js`,
  },
  {
    kind: 'defect',
    name: 'page: who comes back misses the first change',
    file: `${room}/changes.js`,
    find: 'kept.sequence > sequence',
    replace: 'kept.sequence > sequence + 1',
    test: `${room}/events.test.js`,
    pattern: '^who comes back',
  },
  {
    kind: 'defect',
    name: 'page: whoever opens connections cuts off who has shown the token',
    file: `${room}/connections.js`,
    find: 'if (!this.#forget(socket))',
    replace: 'if (true)',
    test: `${room}/attacks.test.js`,
    pattern: '^who opens connections',
  },
];
