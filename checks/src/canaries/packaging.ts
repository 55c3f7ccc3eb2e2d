import type { Canary } from './canary.js';

const consumers = 'checks/dist/packaging/consumers.test.js';
const bundles = 'checks/dist/packaging/bundles.test.js';
const libraries = 'checks/dist/bench/library.test.js';

/** Packages that would serve their authors only. */
export const packagingCanaries: readonly Canary[] = [
  {
    kind: 'defect',
    name: 'packaging: an error of another copy of the library is a stranger',
    file: 'packages/mailslot/dist/errors.js',
    find: "Symbol.for('mailslot.MailslotError')",
    replace: "Symbol('mailslot.MailslotError')",
    test: 'checks/dist/packaging/copies.test.js',
    pattern: '^errors of another copy',
  },
  {
    kind: 'defect',
    name: 'packaging: the declarations do not say that they need the types of Node',
    file: 'packages/mailslot/dist/index.d.ts',
    find: '/// <reference types="node" preserve="true" />',
    replace: '',
    test: consumers,
    pattern: '^each entry point by itself',
  },
  {
    kind: 'defect',
    name: 'packaging: tests are published',
    file: 'packages/mailslot/package.json',
    find: '"!**/*.test.*"',
    replace: '"src"',
    test: 'checks/dist/packaging/packaging.test.js',
    pattern: '^what is published carries',
  },
  {
    kind: 'defect',
    name: 'packaging: a bundle starts a program that is not there, and waits for it',
    file: 'packages/mailslot/dist/daemon-client/spawn.js',
    find: 'places.find((place) => existsSync(place))',
    replace: 'places[0]',
    test: bundles,
    pattern: '^esbuild, ES modules: a bundle',
  },
  {
    kind: 'defect',
    name: 'packaging: a bundle of CommonJS does not know where it is',
    file: 'packages/mailslot/dist/daemon-client/spawn.js',
    find: 'import.meta.url === undefined ? __filename : ',
    replace: '',
    test: bundles,
    pattern: '^esbuild, CommonJS: a bundle',
  },
  {
    kind: 'defect',
    name: 'bench: a contestant that cannot take part ends the bench',
    file: 'checks/dist/bench/bench.js',
    find: 'error instanceof NotMeasured',
    replace: 'false',
    test: libraries,
    pattern: '^a contestant that cannot take part',
  },
  {
    kind: 'defect',
    name: 'bench: a library that is not made for this Node is measured',
    file: 'checks/dist/bench/contestants/library.js',
    find: '!admits(wanted, process.versions.node)',
    replace: 'false',
    test: libraries,
    pattern: '^a library that is not made',
  },
];
