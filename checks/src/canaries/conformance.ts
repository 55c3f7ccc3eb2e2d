import type { Canary } from './canary.js';

const conformance = { test: 'checks/dist/conformance/conformance.test.js', pattern: '^every case' };
const server = 'packages/mailslot/dist/msfs/server';

/** Where ours would no longer be a mailslot. */
export const conformanceCanaries: readonly Canary[] = [
  {
    ...conformance,
    kind: 'harmless',
    name: 'conformance: a comment reads differently',
    file: `${server}/queue.js`,
    find: 'Loses the first message.',
    replace: 'Loses a message.',
  },
  {
    ...conformance,
    kind: 'defect',
    name: 'conformance: the queue is last-in first-out',
    file: `${server}/queue.js`,
    find: 'this.runs.push(run);',
    replace:
      '{ const older = [...this.runs]; this.runs.clear(); for (const each of [run, ...older]) this.runs.push(each); }',
  },
  {
    ...conformance,
    kind: 'defect',
    name: 'conformance: the reader drops each 1,000th message',
    file: `${server}/inbox.js`,
    find: 'const message = this.queue.take();',
    replace:
      'if (this.counters.delivered % 1000 === 999) { this.counters.delivered += 1; this.queue.take(); } ' +
      'const message = this.queue.take();',
  },
  {
    ...conformance,
    kind: 'defect',
    name: 'conformance: a message without bytes is no message',
    file: `${server}/queue.js`,
    find: 'return run && u32At(run.bytes, run.at);',
    replace: 'return (run && u32At(run.bytes, run.at)) || undefined;',
  },
  {
    ...conformance,
    kind: 'defect',
    name: 'conformance: a message goes although the buffer is too small',
    file: `${server}/slot.js`,
    find: 'throw tooSmall(this.name, size, buffer.length);',
    replace: 'throw (this.#inbox.deliver(), tooSmall(this.name, size, buffer.length));',
  },
  {
    ...conformance,
    kind: 'defect',
    name: 'conformance: what is marked as different would hold',
    file: 'packages/mailslot/dist/errors.js',
    find: `win32: ['ERROR_INVALID_PARAMETER', 87]`,
    replace: `win32: ['ERROR_PATH_NOT_FOUND', 3]`,
  },
  {
    ...conformance,
    kind: 'defect',
    name: 'conformance: what does not apply would apply',
    file: 'packages/mailslot/dist/api/open.js',
    find: 'if (parsed.host === undefined)',
    replace: "if (parsed.host !== '*')",
  },
];
