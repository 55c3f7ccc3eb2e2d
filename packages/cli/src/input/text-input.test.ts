import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMailslot } from 'mailslot';
import { bin, scene } from '../testing/scene.js';
import { until } from '../testing/until.js';
import { decodeText, readTextFile } from './text-input.js';

const LATIN_1 = Buffer.from('L\xfcnch', 'latin1');
const UTF_16 = Buffer.from('\ufeffLünch 😀\r\n', 'utf16le');

test('text is UTF-8, or what its byte order mark says', () => {
  const big = Buffer.from(UTF_16).swap16();
  assert.equal(decodeText(Buffer.from('Lünch'), 'it'), 'Lünch');
  assert.equal(decodeText(Buffer.from('\ufeffLünch'), 'it'), 'Lünch');
  assert.equal(decodeText(UTF_16, 'it'), 'Lünch 😀\r\n');
  assert.equal(decodeText(big, 'it'), 'Lünch 😀\r\n');
  assert.equal(decodeText(Buffer.from('\ufffd'), 'it'), '\ufffd');
});

test('bytes that are none of that are refused by their place', () => {
  const cases: readonly [Uint8Array, RegExp][] = [
    [LATIN_1, /^it is not UTF-8: byte 2 is \\xfc; .* "iconv -f LATIN1/],
    [Buffer.from([0x61, 0xe2, 0x82]), /byte 2 is \\xe2/],
    [Buffer.from([0xed, 0xa0, 0x80]), /byte 1 is \\xed/],
    [UTF_16.subarray(0, 5), /UTF-16/],
    [Buffer.from('\ufeff\ud800a', 'utf16le'), /UTF-16/],
  ];
  for (const [bytes, message] of cases) {
    assert.throws(() => decodeText(bytes, 'it'), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT', message });
  }
});

test('a file that was named by mistake is not read whole', {
  skip: process.platform === 'win32' ? 'needs /dev/zero' : false,
}, (t) => {
  const path = join(scene(t).root, 'huge');
  writeFileSync(path, '');
  truncateSync(path, 10 * 2 ** 30);
  const code = 'ERR_MAILSLOT_INVALID_ARGUMENT';
  for (const each of [path, '/dev/zero'])
    assert.throws(() => readTextFile(each), {
      code,
      message: /has more than 1 MiB: it was named by mistake/,
    });
});

test('what a command prints may be named as a file', { skip: process.platform === 'win32' }, async (t) => {
  const policy = '{"default":"allow","rules":[]}';
  const told = await scene(t).other(
    'bash',
    '-c',
    `"$0" "$1" policy check <(sleep 0.1; echo '${policy}')`,
    process.execPath,
    bin,
  ).ended;
  assert.deepEqual([told.code, told.stderr], [0, '']);
});

test('nothing garbled is sent to people, and exit code 2 says so', async (t) => {
  const stage = scene(t);
  const { code, stderr } = await stage.feed(LATIN_1, 'send', '*');
  assert.equal(code, 2);
  assert.match(stderr, /^mailslot: standard input is not UTF-8: byte 2 is \\xfc; /);
});

test('UTF-16 as Windows pipes it reaches people as text', async (t) => {
  const stage = scene(t);
  const messenger = stage.start('inbox', '--follow', '--json');
  await until(
    () => stage.feed(UTF_16, 'send', '*'),
    ({ code }) => code === 0 || messenger.child.exitCode !== null,
  );
  await messenger.printed('"text":"Lünch 😀"');
});

test('an argument that was no UTF-8 is refused, whatever it is for', {
  skip: process.platform === 'linux' ? false : 'only Linux tells what the bytes were',
}, async (t) => {
  const stage = scene(t);
  const slot = await createMailslot('a', { root: stage.root });
  t.after(() => slot.close());
  const shell = (words: string) => {
    return stage.other('bash', '-c', `"$0" "$1" ${words}`, process.execPath, bin).ended;
  };
  for (const words of [`write a $'L\\xfcnch'`, `write --json a $'L\\xfcnch'`, `send '*' $'L\\xfcnch'`]) {
    const { code, stderr } = await shell(words);
    assert.equal(code, 2, words);
    assert.match(stderr, /the argument \\?"L\\+xfcnch\\?" is not UTF-8 at byte 2; /, words);
  }
  assert.equal(slot.info().messageCount, 0);
  assert.equal((await shell(`write a $'\\ufffd'`)).code, 0);
  assert.equal((await slot.read()).text(), '\ufffd');
});

test('files that are read as text follow the same rule, and say so in words', async (t) => {
  const { root, run } = scene(t);
  const file = join(root, 'policy.json');
  const policy = '{"version": 1, "default": "allow", "rules": []}';
  writeFileSync(file, Buffer.from(`\ufeff${policy}`, 'utf16le'));
  const right = await run('policy', 'check', file);
  writeFileSync(file, policy);
  assert.deepEqual(right, await run('policy', 'check', file));
  writeFileSync(file, LATIN_1);
  assert.equal((await run('policy', 'check', file)).code, 2);
  assert.equal(
    (await run('policy', 'check', root)).stderr,
    `mailslot: cannot read ${root}: it is a folder, not a file\n`,
  );
});

test('bodies of slots stay bytes, but UTF-16 is not cut into lines', async (t) => {
  const { root, feed } = scene(t);
  const slot = await createMailslot('a', { root });
  t.after(() => slot.close());
  assert.equal((await feed(LATIN_1, 'write', 'a')).code, 0);
  assert.deepEqual((await slot.read()).data, LATIN_1);
  assert.equal((await feed(LATIN_1, 'write', '--lines', 'a')).code, 0);
  assert.deepEqual((await slot.read()).data, LATIN_1);
  const { code, stderr } = await feed(UTF_16, 'write', '--lines', 'a');
  assert.equal(code, 2);
  assert.match(stderr, /UTF-16, which --lines cannot split; .*iconv/);
  assert.equal(slot.info().messageCount, 0);
});
