import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRepo } from '../support/repo.js';
import { actionsOf, faultsOf } from './workflows.js';

const workflows = readdirSync(inRepo('.github/workflows')).map((name) => ({
  name,
  text: readFileSync(inRepo('.github/workflows', name), 'utf8'),
}));

const skip = process.platform === 'win32' && 'Windows does not say what is executable';

test('the workflows pin their actions, end in time, may only read, and run what exists', { skip }, () => {
  assert.deepEqual(workflows.map(({ name }) => name).sort(), ['ci.yml', 'nightly.yml', 'release.yml']);
  for (const { name, text } of workflows) assert.deepEqual(faultsOf(text, inRepo()), [], name);
});

test('an action is pinned to one commit everywhere', () => {
  const actions = new Set(workflows.flatMap(({ text }) => actionsOf(text)));
  const names = Array.from(actions, (action) => action.split('@')[0]);
  assert.deepEqual(names.toSorted(), ['actions/checkout', 'actions/setup-node']);
});

test('what every change must pass includes the oldest Node that is promised, and all runtimes', () => {
  const { engines } = JSON.parse(readFileSync(inRepo('package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const oldest = engines.node.replace('>=', '');
  const ci = workflows.find(({ name }) => name === 'ci.yml')?.text ?? '';
  const matrices = Array.from(ci.matchAll(/^ +node: (.+)$/gm), ([, list]) => list);
  assert.equal(matrices.length, 2);
  for (const list of matrices) assert.match(list ?? '', new RegExp(`'${oldest}'`));
  assert.match(ci, /run: npm run check:runtimes$/m);
});

test('only a release may speak for the project, and each package is published with its provenance', () => {
  const writing = workflows.filter(({ text }) => /: write$/m.test(text)).map(({ name }) => name);
  assert.deepEqual(writing, ['release.yml']);
  const release = workflows.find(({ name }) => name === 'release.yml')?.text ?? '';
  assert.doesNotMatch(release, /secrets\./);
  const published = readdirSync(inRepo('packages'))
    .map((name) => JSON.parse(readFileSync(inRepo('packages', name, 'package.json'), 'utf8')))
    .filter((manifest) => manifest.private !== true)
    .map((manifest) => manifest.name);
  const publishing = Array.from(
    release.matchAll(/run: npm publish --provenance --access public --workspace (\S+)$/gm),
    ([, name]) => name,
  );
  assert.deepEqual(publishing.toSorted(), published.toSorted());
  // The others are made for the library: it must be there first.
  assert.equal(publishing[0], 'mailslot');
});

test('what is wrong in a workflow is found', { skip }, () => {
  const workflow = (...steps: string[]): string =>
    [
      'on: push',
      'permissions:',
      '  contents: read',
      '',
      'jobs:',
      '  one:',
      '    timeout-minutes: 5',
      '    steps:',
      ...steps,
      '',
    ].join('\n');
  const found = (step: string): string[] => faultsOf(workflow(`      - ${step}`), inRepo());
  assert.deepEqual(found(`uses: actions/checkout@${'a'.repeat(40)} # v4.2.2`), []);
  assert.deepEqual(found('uses: actions/checkout@v4'), ['not pinned: actions/checkout@v4']);
  assert.deepEqual(found('run: npm run fuzz -- --runs 5'), []);
  assert.deepEqual(found('run: npm run fuzz -- --rounds 5'), ['fuzz has no --rounds']);
  assert.deepEqual(found('run: npm run fuss'), ['no such script: fuss']);
  assert.deepEqual(found('run: node scripts/nothing.mjs'), ['no such file: scripts/nothing.mjs']);
  assert.deepEqual(found('run: .ci/walk'), ['no such program: .ci/walk']);
  const lasting = workflow('      - run: npm test').replace('    timeout-minutes: 5\n', '');
  assert.deepEqual(faultsOf(lasting, inRepo()), ['a job has no deadline']);
  const mighty = workflow('      - run: npm test').replace('contents: read', 'contents: write');
  assert.deepEqual(faultsOf(mighty, inRepo()), ['it may do more than read']);
});
