import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bin } from '../testing/scene.js';

/*
 * What V8 compiled is code that nobody can read: bin/mailslot.cjs keeps it for Node 20. Two users that no system has, and no other run of this test.
 */
const USER = 1_000_000 + 2 * process.pid;
const OTHER = USER + 1;
const FOLDER = `/tmp/mailslot-code-${USER}`;
const major = Number.parseInt(process.versions.node, 10);
const onNode20 = {
  skip:
    (process.platform === 'win32' && 'there it is not kept') ||
    (major >= 22 && 'from 22 on Node keeps it') ||
    (process.getuid?.() !== 0 && 'needs root'),
};

test(
  'compiled code is used only from a folder that nobody else can have written to, and for its very source',
  onNode20,
  (t) => {
    const { run, program } = copy(t);
    const original = readFileSync(program, 'latin1');
    const version = run();
    assert.equal(statSync(FOLDER).mode & 0o777, 0o700);
    assert.ok(readdirSync(FOLDER).length > 0);

    // What another program of the same length compiles to, with this one's source before it.
    const forged = original.replaceAll(`"${version}"`, `"${'6'.repeat(version.length)}"`);
    assert.notEqual(forged, original);
    rmSync(FOLDER, { recursive: true });
    writeFileSync(program, forged, 'latin1');
    assert.match(run(), /^6+$/);
    writeFileSync(program, original, 'latin1');
    assert.equal(run(), version, 'the source has changed since');
    rmSync(FOLDER, { recursive: true });
    writeFileSync(program, forged, 'latin1');
    run();
    writeFileSync(program, original, 'latin1');
    for (const name of readdirSync(FOLDER).filter((each) => each.endsWith('mailslot-program.cjs'))) {
      const kept = readFileSync(join(FOLDER, name), 'latin1');
      writeFileSync(join(FOLDER, name), original + kept.slice(original.length), 'latin1');
    }
    assert.match(run(), /^6+$/, 'what is forged so well is believed in a folder of its own user');

    chownSync(FOLDER, OTHER, OTHER);
    chmodSync(FOLDER, 0o777);
    assert.equal(run(), version, "another user's folder");
    chownSync(FOLDER, USER, USER);
    assert.equal(run(), version, 'a folder that others may write in');
  },
);

test('what is kept and has been damaged is not used, and is made anew', onNode20, (t) => {
  const { run } = copy(t);
  const version = run();
  const sources = new Map(
    readdirSync(FOLDER).map((name) => [join(FOLDER, name), readFileSync(join(FOLDER, name))] as const),
  );
  const damages: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    zeroed: (bytes) => Buffer.concat([bytes.subarray(0, -20_000), Buffer.alloc(20_000)]),
    'cut off': (bytes) => bytes.subarray(0, -10_000),
    flipped: (bytes) =>
      bytes.map((byte, at) => (bytes.length - at < 20_000 && at % 997 === 0 ? ~byte : byte)) as Buffer,
    empty: () => Buffer.alloc(0),
  };
  for (const [how, damage] of Object.entries(damages)) {
    for (const [path, bytes] of sources) writeFileSync(path, damage(bytes));
    assert.equal(run(), version, how);
    for (const [path, bytes] of sources)
      assert.notDeepEqual(readFileSync(path), damage(bytes), `${how}: made anew`);
  }
});

test('what installations that are gone have left is cleared away', onNode20, (t) => {
  const { run } = copy(t);
  run();
  rmSync(FOLDER, { recursive: true });
  mkdirSync(FOLDER, { mode: 0o700 });
  chownSync(FOLDER, USER, USER);
  for (let number = 0; number <= 1000; number += 1) writeFileSync(join(FOLDER, `old-${number}`), '');
  run();
  const names = readdirSync(FOLDER);
  assert.deepEqual([names.length > 0, names.filter((name) => name.startsWith('old-'))], [true, []]);
});

test('two installations do not replace what the other one keeps', onNode20, (t) => {
  const [one, other] = [copy(t), copy(t)];
  for (const { run } of [one, other]) run();
  const times = (): string[] =>
    readdirSync(FOLDER).map((name) => `${name} ${statSync(join(FOLDER, name)).ino}`);
  const kept = times();
  for (const { run } of [one, other]) run();
  assert.deepEqual(times(), kept);
  assert.equal(kept.filter((name) => name.includes('mailslot-program.cjs')).length, 2);
});

test('a command that fails keeps nothing: it has not compiled what it needs to be done', onNode20, (t) => {
  const { fail, run } = copy(t);
  fail();
  assert.deepEqual(readdirSync(FOLDER), []);
  run();
  assert.ok(readdirSync(FOLDER).length > 0);
});

/** The program where every user can read it, and how it tells its version to one of them. */
function copy(t: TestContext) {
  const folder = mkdtempSync('/tmp/mailslot-kept-code-');
  t.after(() => {
    rmSync(folder, { recursive: true });
    rmSync(FOLDER, { recursive: true, force: true });
  });
  rmSync(FOLDER, { recursive: true, force: true });
  chmodSync(folder, 0o755);
  for (const part of ['bin', 'dist']) {
    cpSync(join(dirname(dirname(bin)), part), join(folder, part), { recursive: true });
  }
  const run = (): string => {
    const options = { uid: USER, gid: USER, encoding: 'utf8', env: {} } as const;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'bin/mailslot.cjs'), '--version'],
      options,
    );
    assert.equal(stderr, '');
    return stdout.trim();
  };
  const fail = (): void => {
    const options = { uid: USER, gid: USER, env: { MAILSLOT_ROOT: folder } } as const;
    const { status } = spawnSync(
      process.execPath,
      [join(folder, 'bin/mailslot.cjs'), 'write', 'nobody', 'hello'],
      options,
    );
    assert.equal(status, 1);
  };
  return { run, fail, program: join(folder, 'dist/mailslot-program.cjs') };
}
