import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { newDomain } from '../daemon/daemon.test.support.js';
import { callRedirector } from '../index.js';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';

test('a redirector that is started on first need has nothing of its starter but what is chosen for it', {
  skip: process.platform !== 'linux' && 'only Linux shows what a process was started with',
}, async (t) => {
  const root = temporaryRoot(t);
  const library = pathToFileURL(join(import.meta.dirname, '..', 'index.js')).href;
  const domain = newDomain('OFFICE', { lan: false }).config;
  writeFileSync(join(root, 'config.json'), JSON.stringify({ domains: [domain] }), { mode: 0o600 });
  writeFileSync(
    join(root, 'spy.cjs'),
    `require('fs').appendFileSync('${root}/loaded', process.pid + '\\n');`,
  );
  writeFileSync(
    join(root, 'program.mjs'),
    // It reaches nobody, for the domain has no transport; but the redirector that says so had to be started.
    `await (await import('${library}')).openMailslot('//*/mailslot/x').catch(() => {});`,
  );

  const lock = openSync(join(root, 'lock'), 'w');
  const program = spawn(process.execPath, ['program.mjs'], {
    cwd: root,
    env: {
      ...process.env,
      MAILSLOT_ROOT: root,
      // Of the folder that the program is in.
      MAILSLOT_CONFIG: 'config.json',
      MAILSLOT_COMPUTER: 'ALPHA',
      NODE_OPTIONS: `--require ${root}/spy.cjs`,
      NODE_EXTRA_CA_CERTS: join(root, 'nobody-s.pem'),
      LD_LIBRARY_PATH: root,
      SOME_SECRET: 'x',
    },
    // The last one has the number by which scripts like to hold a lock.
    stdio: ['ignore', 'ignore', 'pipe', ...Array<'ignore'>(197).fill('ignore'), lock],
  });
  let complaints = '';
  closeSync(lock);
  program.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const [code] = await once(program, 'close');
  assert.equal(code, 0, complaints);

  const { value: status } = await callRedirector({ do: 'status' }, { root }).next();
  try {
    assert.equal(status?.['computer'], 'ALPHA');
    assert.equal(status?.['isOnDemand'], true);
    const process_ = `/proc/${status?.['pid']}`;
    assert.deepEqual(readFileSync(join(root, 'loaded'), 'utf8').trim().split('\n'), [`${program.pid}`]);
    const environment = readFileSync(`${process_}/environ`, 'utf8').split('\0').filter(Boolean);
    const foreign = environment.filter(
      (each) => !/^(MAILSLOT_(CONFIG|COMPUTER|DOMAIN)|HOME|TZ|TEMP|TMP)=/.test(each),
    );
    assert.deepEqual(foreign, []);
    assert.equal(readlinkSync(`${process_}/cwd`), '/');
    const open = readdirSync(`${process_}/fd`).map((each) => readlinkSync(`${process_}/fd/${each}`));
    assert.ok(!open.includes(join(root, 'lock')), open.join());
    assert.deepEqual(
      [0, 1, 2].map((each) => readlinkSync(`${process_}/fd/${each}`)),
      Array(3).fill('/dev/null'),
    );
  } finally {
    for await (const _ of callRedirector({ do: 'stop' }, { root }));
  }
});
