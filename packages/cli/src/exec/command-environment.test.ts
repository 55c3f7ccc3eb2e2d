import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { withEnvironment } from './command-environment.js';

const EVIL = 'a" & calc.exe & echo %PATH% é\n\0';
const told = {
  ours: { MAILSLOT_NOTE_LEVEL: 'alert' },
  theirs: { MAILSLOT_NOTE_TEXT: EVIL, MAILSLOT_NOTE_FROM: EVIL },
  record: { from: EVIL, text: EVIL },
};

test('where cmd.exe expands variables before it parses, no variable holds what others wrote', async () => {
  let file = '';
  await withEnvironment(told, 'win32', async (variables) => {
    file = variables['MAILSLOT_MESSAGE_FILE'] ?? '';
    assert.deepEqual(variables, {
      MAILSLOT_NOTE_LEVEL: 'alert',
      MAILSLOT_NOTE_TEXT: '',
      MAILSLOT_NOTE_FROM: '',
      MAILSLOT_MESSAGE_FILE: file,
    });
    const json = readFileSync(file, 'latin1');
    assert.match(json, /^[ -~]*\n$/);
    assert.deepEqual(JSON.parse(json), told.record);
  });
  assert.ok(!existsSync(dirname(file)));
});

test('elsewhere a shell parses before it expands, and variables hold it', async () => {
  const variables = await withEnvironment(told, 'linux', async (given) => given);
  assert.deepEqual(variables, { ...told.ours, ...told.theirs });
});
