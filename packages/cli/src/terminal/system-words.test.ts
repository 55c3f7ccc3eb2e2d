import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { test } from 'node:test';
import { getSystemErrorMap } from 'node:util';
import { createMailslot } from 'mailslot';
import { scene } from '../testing/scene.js';
import { inWords } from './system-words.js';

test('the errors that Node makes are told as sentences', async () => {
  const thrownBy = (deed: () => unknown): Error => {
    try {
      deed();
    } catch (error) {
      return error as Error;
    }
    throw new Error('nothing was thrown');
  };
  const refused = createConnection({ port: 1, host: '127.0.0.1' });
  const [noConnection] = await once(refused, 'error');
  const [noProgram] = await once(spawn('/no/such/program'), 'error');
  const noFile = await rm('/').catch((error: Error) => error);
  assert.ok(noFile instanceof Error);
  const cases: readonly [Error, string][] = [
    [thrownBy(() => readFileSync('/no-file')), 'cannot open /no-file: there is no such file or folder'],
    [thrownBy(() => readFileSync('/')), 'cannot read: it is a folder, not a file'],
    [thrownBy(() => readdirSync('/no-file')), 'cannot look into /no-file: there is no such file or folder'],
    [noFile, 'cannot remove /: it is a folder, not a file'],
    [noConnection, 'cannot connect to 127.0.0.1:1: nobody listens there'],
    [noProgram, 'cannot start /no/such/program: there is no such file or folder'],
  ];
  for (const [error, sentence] of cases) assert.equal(inWords(error.message), sentence);
});

test('no error of any system is told by its code, wherever it stands', () => {
  for (const [code, text] of getSystemErrorMap().values()) {
    for (const raw of [
      `${code}: ${text}, open '/a b'`,
      `${code}: ${text}, rename '/a' -> '/b'`,
      `${code}: ${text}, write`,
      `connect ${code} 127.0.0.1:80`,
      `bind ${code} /run/x.sock`,
      `write ${code}`,
      `spawn /bin/x ${code}`,
    ]) {
      for (const sentence of [raw, `the configuration /a b cannot be read: ${raw}; try again`]) {
        assert.doesNotMatch(inWords(sentence), new RegExp(`\\b${code}\\b`), sentence);
      }
    }
    assert.doesNotMatch(inWords(`eth0: ${code}`), new RegExp(`\\b${code}\\b`));
  }
});

test('what only looks like one stays', () => {
  for (const text of [
    'no mailslot EPIPE in /tmp/x',
    'this computer is in the domain EXAMPLE: nothing else, write',
    'ERR_MAILSLOT_IO',
  ]) {
    assert.equal(inWords(text), text);
  }
});

test('the input of write is looked at first', async (t) => {
  const { run, root } = scene(t);
  for (const [words, stderr] of [
    [['write', '--file', '/no-file', 'a'], 'cannot read /no-file: there is no such file or folder'],
    [['write', '--file', root, 'a'], `cannot read ${root}: it is a folder, not a file`],
    [
      ['nats', 'use', 'nats://a', '--token-file', '/no-file'],
      'cannot read /no-file: there is no such file or folder',
    ],
  ] as const) {
    const ended = await run(...words);
    assert.deepEqual(
      { code: ended.code, stderr: ended.stderr },
      { code: 1, stderr: `mailslot: ${stderr}\n` },
    );
  }
  const slot = await createMailslot('a', { root });
  t.after(() => slot.close());
  assert.equal((await run('write', '--file', root, 'a')).code, 1);
  assert.equal(slot.info().messageCount, 0);
});
