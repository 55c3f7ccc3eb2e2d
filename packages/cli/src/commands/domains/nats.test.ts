import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bin, type Scene, scene } from '../../testing/scene.js';

const SERVER = 'nats://10.99.0.1:4222';

test('use and off: what the file then says, and what is printed', async (t) => {
  const stage = await inOffice(scene(t));
  const used = await stage.run('nats', 'use', SERVER, 'tls://b.example');
  assert.deepEqual({ code: used.code, stderr: used.stderr }, { code: 0, stderr: '' });
  assert.match(
    used.stdout,
    /^OFFICE goes over NATS as well: nats:\/\/10\.99\.0\.1:4222 tls:\/\/b\.example\nnext: .*doctor/,
  );
  assert.deepEqual(natsIn(stage), { servers: [SERVER, 'tls://b.example'] });
  const off = await stage.run('nats', 'off', '--json');
  assert.deepEqual(JSON.parse(off.stdout), { domain: 'OFFICE', servers: [] });
  assert.equal(natsIn(stage), undefined);
});

test('secrets come from files, and are shown by nothing', async (t) => {
  const stage = await inOffice(scene(t));
  const file = join(stage.root, 'secret');
  writeFileSync(file, 'sesame\r\nsecond line\n');
  const outcomes = [
    await stage.run('nats', 'use', SERVER, '--token-file', file),
    await stage.run('nats', 'use', SERVER, '--user', 'me', '--password-file', file, '--no-seal', '--json'),
    await stage.run('nats', 'use', 'nats://me:sesame@a'),
    await stage.run('doctor'),
  ];
  for (const { stdout, stderr } of outcomes) assert.ok(!(stdout + stderr).includes('sesame'));
  assert.deepEqual(JSON.parse(String(outcomes[1]?.stdout)), {
    domain: 'OFFICE',
    servers: [SERVER],
    sealed: false,
  });
  assert.deepEqual(natsIn(stage), { servers: [SERVER], user: 'me', password: 'sesame', seal: false });
});

test('files are kept by their whole paths', async (t) => {
  const stage = await inOffice(scene(t));
  const file = join(stage.root, 'a.creds');
  const credentials =
    '-----BEGIN NATS USER JWT-----\nx\n------END NATS USER JWT------\n-----BEGIN USER NKEY SEED-----\n';
  writeFileSync(file, credentials, { mode: 0o600 });
  const { code, stderr } = await stage.other(
    'sh',
    '-c',
    `cd '${stage.root}' && exec "$0" "$@"`,
    process.execPath,
    bin,
    'nats',
    'use',
    SERVER,
    '--credentials',
    'a.creds',
  ).ended;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.deepEqual(natsIn(stage), { servers: [SERVER], credentials: file });
});

test('a file that is no nkey, and one that is no credentials, is refused by its name', async (t) => {
  const stage = await inOffice(scene(t));
  const file = join(stage.root, 'note.txt');
  writeFileSync(file, 'buy milk', { mode: 0o600 });
  for (const option of ['--nkey', '--credentials']) {
    const { code, stderr } = await stage.run('nats', 'use', SERVER, option, file);
    assert.deepEqual(
      [code, stderr.includes(`${file} cannot be used: it is not such a file`)],
      [1, true],
      option,
    );
  }
  assert.equal(natsIn(stage), undefined);
});

test('what cannot be is refused, with its exit code and the next step', async (t) => {
  const stage = await inOffice(scene(t));
  const file = join(stage.root, 'empty');
  writeFileSync(file, '');
  chmodSync(file, 0o644);
  const cases: readonly (readonly [words: string[], code: number, error: RegExp])[] = [
    [['use'], 2, /missing required argument 'url'/],
    [['use', 'a:4222'], 2, /nats\.servers is a list of .*nats:\/\/host:port/],
    [['use', SERVER, '--user', 'me'], 2, /nats\.password is missing beside "user"/],
    [['use', SERVER, '--token-file', file], 2, /the first line of .*empty is not/],
    [['use', SERVER, '--token-file', `${file}.none`], 1, /no such file/],
    [['use', SERVER, '--nkey', `${file}.none`], 1, /the NATS nkey .*it is not there/],
    [['use', SERVER, '--domain', 'SHOP'], 2, /not in the domain SHOP.*mailslot key new SHOP/],
    [['permissions'], 2, /missing required argument 'computer'/],
    [['permissions', '*'], 2, /the computer's name "\*" is no name/],
  ];
  for (const [words, code, error] of cases) {
    const outcome = await stage.run('nats', ...words);
    assert.equal(outcome.code, code, words.join(' '));
    assert.match(outcome.stderr, error);
  }
  if (process.platform !== 'win32') {
    const open = await stage.run('nats', 'use', SERVER, '--nkey', file);
    assert.equal(open.code, 1);
    assert.match(open.stderr, /chmod 600/);
  }
  assert.equal(natsIn(stage), undefined);
});

test('permissions need no configuration when the domain is named', async (t) => {
  const { run } = scene(t);
  const without = await run('nats', 'permissions', 'ALPHA');
  assert.equal(without.code, 2);
  assert.match(without.stderr, /in no domain: say which one is meant with --domain/);
  const { stdout } = await run(
    'nats',
    'permissions',
    'alpha',
    'Bravo',
    'ALPHA',
    '--domain',
    'office',
    '--domain',
    'Shop',
    '--domain',
    'OFFICE',
    '--json',
  );
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ computer, domain }) => [computer, domain]),
    [
      ['ALPHA', 'OFFICE'],
      ['ALPHA', 'SHOP'],
      ['BRAVO', 'OFFICE'],
      ['BRAVO', 'SHOP'],
    ],
  );
  for (const { publish, subscribe } of lines) {
    assert.match(publish.join(), /^ms\.[\w-]{20}\.[\w-]{20}\.\*\.\*$/);
    assert.equal(subscribe.length, 2);
  }
  assert.equal(new Set(lines.map(({ publish }) => publish[0])).size, lines.length);
});

async function inOffice(stage: Scene): Promise<Scene> {
  assert.equal((await stage.run('key', 'new', 'OFFICE', '--interface', 'lo')).code, 0);
  return stage;
}

function natsIn({ env }: Scene): unknown {
  return JSON.parse(readFileSync(String(env['MAILSLOT_CONFIG']), 'utf8')).domains[0].nats;
}
