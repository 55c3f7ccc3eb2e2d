import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERRORS } from '../../../packages/mailslot/dist/errors.js';
import { inRepo } from '../support/repo.js';

const page = readFileSync(inRepo('docs/reference/errors.md'), 'utf8');

test('the table of the docs is the table of the library', () => {
  assert.deepEqual(
    rowsOf(page),
    Object.entries(ERRORS).map(([code, { win32, when }]) => [`\`${code}\``, win32[0], `${win32[1]}`, when]),
  );
});

test('every code has a section that says what causes it and what to do, and no other code has', () => {
  const sections = sectionsOf(page);
  assert.deepEqual([...sections.keys()], Object.keys(ERRORS));
  for (const [code, text] of sections) {
    assert.match(text, /^\*\*Cause\.\*\* \S/m, code);
    assert.match(text, /^\*\*What to do\.\*\* \S/m, code);
  }
});

test('a code or a column that differs is noticed', () => {
  const shorter = page.replace(/^\| `ERR_MAILSLOT_IO` .*\n/m, '');
  assert.equal(rowsOf(shorter).length, rowsOf(page).length - 1);
  assert.notDeepEqual(rowsOf(page.replace(' 1816 ', ' 1817 ')), rowsOf(page));
  assert.ok(!sectionsOf(page.replace('## ERR_MAILSLOT_IO', '## Others')).has('ERR_MAILSLOT_IO'));
});

/** The cells of the rows whose first one is a code. */
function rowsOf(text: string): string[][] {
  const rows = text.matchAll(/^\| (`ERR_MAILSLOT_.*) \|$/gm);
  return Array.from(rows, ([, row]) => row!.split(' | ').map((cell) => cell.trim()));
}

/** What stands below each heading that is a code. */
function sectionsOf(text: string): Map<string, string> {
  const sections = text.matchAll(/^## (ERR_MAILSLOT_\w+)\n([\s\S]*?)(?=^## |(?![\s\S]))/gm);
  return new Map(Array.from(sections, ([, code, body]) => [code!, body!]));
}
