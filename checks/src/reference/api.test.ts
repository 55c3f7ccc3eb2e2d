import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { diagnostics } from '../../../packages/mailslot/dist/msfs/diagnostics.js';
import { inRepo } from '../support/repo.js';
import { exportsOf, isNamed } from './exports.js';

const page = readFileSync(inRepo('docs/reference/api.md'), 'utf8');
const doors = ['index.ts', 'domains.ts'].map((path) =>
  readFileSync(inRepo('packages/mailslot/src', path), 'utf8'),
);

test('every export of the library is in the reference', () => {
  const exports = doors.flatMap(exportsOf);
  assert.ok(
    exports.includes('createMailslot') && exports.includes('WhenFull') && exports.includes('openKeyStore'),
  );
  assert.deepEqual(
    exports.filter((name) => !isNamed(name, page)),
    [],
  );
  assert.equal(isNamed('createMailslo', page), false);
});

test('every diagnostics channel is in the reference', () => {
  const documented = Array.from(page.matchAll(/^\| `(mailslot:\w+)` \|/gm), ([, name]) => name);
  assert.deepEqual(
    documented,
    Object.values(diagnostics).map(({ name }) => name),
  );
});
