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
  {
    kind: 'defect',
    name: 'page: a token that others could read is used',
    file: `${room}/token.js`,
    find: '0o077',
    replace: '0',
    test: `${room}/page.test.js`,
    pattern: '^what others put in the place',
  },
  {
    kind: 'defect',
    name: 'page: a history that cannot be read ends the process when an alert expires',
    file: `${room}/feed.js`,
    find: 'catch {\n            // The history',
    replace: 'catch (error) { throw error;\n            // The history',
    test: `${room}/overview.test.js`,
    pattern: '^what expires while',
  },
  {
    kind: 'defect',
    name: 'popups: a confirmation that cannot be kept ends the process',
    file: 'packages/cli/dist/popups/popups.js',
    find: 'warn(inWords(',
    replace: 'throw new Error(inWords(',
    test: 'packages/cli/dist/popups/popups.test.js',
    pattern: '^an alert whose confirmation',
  },
];
