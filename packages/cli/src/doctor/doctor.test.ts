import assert from 'node:assert/strict';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Scene, scene } from '../testing/scene.js';
import { findingLine } from './finding.js';

test('in no domain: exit code 1 and the next step', async (t) => {
  const stage = scene(t);
  const { code, stdout, stderr } = await stage.run('doctor');
  assert.deepEqual({ code, stderr }, { code: 1, stderr: '' });
  assert.match(stdout, /^ok {3}configuration {2}.*config\.json is not there/m);
  assert.match(stdout, /^BAD {2}key .*in no domain.*\n +next: run "mailslot key new OFFICE"/m);
  assert.match(stdout, /^BAD {2}redirector .*MAILSLOT_AUTOSTART=0/m);
});

test('what is wrong with files is found, with the remedy', async (t) => {
  const stage = scene(t);
  const config = join(stage.root, 'config.json');
  writeFileSync(config, '{ "policy": "policy.json" }', { mode: 0o600 });
  assert.match(String((await found(stage, 'policy'))?.finding), /it is not there/);
  writeFileSync(join(stage.root, 'policy.json'), '{\n"rules": [{ "form": "A" }] }');
  assert.match(String((await found(stage, 'policy'))?.finding), /policy\.json, line 2: /);
  chmodSync(config, 0o644);
  assert.match(String((await found(stage, 'configuration'))?.next), /^run "chmod 600 .*config\.json"$/);
  chmodSync(stage.root, 0o777);
  assert.match(String((await found(stage, 'root'))?.next), /^run "chmod 700/);
});

test('a configuration that cannot be used is a finding, with its place, and the rest is looked at all the same', async (t) => {
  const stage = scene(t);
  const config = join(stage.root, 'config.json');
  writeFileSync(config, '{ nonsense', { mode: 0o600 });
  assert.equal((await found(stage, 'configuration'))?.next, `correct line 1 of ${config}`);
  if (process.platform === 'win32') return;
  stage.env['MAILSLOT_CONFIG'] = join(config, 'c.json');
  const inFile = await found(stage, 'configuration');
  assert.match(String(inFile?.finding), /a part of the path is a file/);
  assert.equal(inFile?.next, 'set MAILSLOT_CONFIG to another file');
  assert.equal((await found(stage, 'redirector'))?.ok, false);
  const made = await stage.run('key', 'new', 'OFFICE', '--interface', 'lo');
  assert.deepEqual([made.code, /a part of the path is a file/.test(made.stderr)], [1, true]);
  stage.env['MAILSLOT_CONFIG'] = join(stage.root, 'loop');
  symlinkSync(join(stage.root, 'loop'), join(stage.root, 'loop'));
  const loops = String((await found(stage, 'configuration'))?.finding);
  assert.match(loops, /symbolic links lead in a circle/);
  assert.doesNotMatch(loops, /ELOOP/);
});

test('a root in which no slot can be made is not ok, and what to do helps', async (t) => {
  const stage = scene(t);
  writeFileSync(join(stage.root, 'file'), '');
  for (const [root, reason] of [
    [join(stage.root, 'none', 'root'), /cannot be made: .*none is not there$/],
    [join(stage.root, 'file', 'root'), /cannot be made: .*file is no folder$/],
  ] as const) {
    const finding = await found(stage, 'root', '--root', root);
    assert.match(String(finding?.finding), reason);
    assert.equal(finding?.next, 'set MAILSLOT_ROOT to another folder, or have that one made');
  }
});

test('whatever a finding says is shown, not obeyed', () => {
  const line = findingLine({ check: 'peer', ok: false, finding: 'evil\x1b[31m', next: 'two\nlines' });
  assert.equal(line, `BAD  peer           evil\\x1b[31m\n${' '.repeat(20)}next: two\\nlines\n`);
});

interface Found {
  readonly check: string;
  readonly ok: boolean;
  readonly finding: string;
  readonly next: string;
}

/** The first bad finding of a check. */
async function found({ run }: Scene, check: string, ...words: readonly string[]): Promise<Found | undefined> {
  const { stdout } = await run('doctor', '--json', ...words);
  const findings: Found[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return findings.find((each) => each.check === check && !each.ok);
}
