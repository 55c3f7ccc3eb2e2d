import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeOld, encodeOld, type MessengerStatistics, startMessenger } from 'mailslot/messenger';
import { decodeBody, encodeBody } from '../../../packages/mailslot/dist/messenger/body.js';
import { temporaryFolder } from '../support/folder.js';
import { inRepo } from '../support/repo.js';
import { exportsOf, isNamed } from './exports.js';

const wire = readFileSync(inRepo('docs/wire/messenger.md'), 'utf8');
const page = readFileSync(inRepo('docs/reference/messenger.md'), 'utf8');
const door = readFileSync(inRepo('packages/mailslot/src/messenger.ts'), 'utf8');

test('every export of the messenger is in its reference', () => {
  const names = exportsOf(door);
  assert.ok(names.includes('startMessenger') && names.includes('NoteFilter'));
  assert.deepEqual(
    names.filter((name) => !isNamed(name, page)),
    [],
  );
});

test('every count of a messenger is in its reference, and no other', async (t) => {
  const history = temporaryFolder(t);
  const messenger = await startMessenger({ root: temporaryFolder(t), history, computer: 'A', user: 'B' });
  t.after(() => messenger.close());
  const counts = Object.keys(messenger.statistics() satisfies MessengerStatistics);
  const [, section = ''] = page.split('\n## What is counted');
  const documented = Array.from(section.matchAll(/^\| `(\w+)` \|/gm), ([, name]) => name);
  assert.deepEqual(documented, counts);
});

test('the examples of the wire page are what is sent, to the byte', () => {
  const lines = Array.from(wire.matchAll(/^\{"v":1,.*\}$/gm), ([line]) => line);
  assert.equal(lines.length, 6);
  for (const line of lines) {
    const body = decodeBody(Buffer.from(line));
    assert.ok(body, line);
    assert.equal(encodeBody(body).toString(), line);
  }
  assert.throws(() => decodeBody(Buffer.from(lines[0]!.slice(1))));
});

test('the old body of the wire page says what the page says', () => {
  const [, section = ''] = wire.split('\n## 6. ');
  const hex = Array.from(
    section.matchAll(/^([0-9a-f]{8,}) +(?:from|to|text)$/gm),
    ([, digits]) => digits,
  ).join('');
  const bytes = Buffer.from(hex, 'hex');
  const said = { from: 'Zoë', to: 'BOB', text: 'Grüße\nZoë' };
  assert.deepEqual(decodeOld(bytes, 'ibm850'), said);
  assert.deepEqual(encodeOld(said, 'ibm850'), bytes);
});
