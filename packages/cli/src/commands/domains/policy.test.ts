import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { intoDomain } from '../../testing/domain.js';
import { scene } from '../../testing/scene.js';

const POLICY = `{ "rules": [
  { "from": "ALPHA", "to": "//*/mailslot/alerts", "maxSize": 4096, "perSecond": 50, "direction": "in" },
  { "to": "//*/mailslot/alerts", "allow": false }
] }`;

test('a policy without mistakes, and one with', async (t) => {
  const { run, root } = scene(t);
  const path = join(root, 'policy.json');
  writeFileSync(path, POLICY);
  const good = await run('policy', 'check', path);
  assert.deepEqual([good.code, good.stdout], [0, `${path} has no mistakes\n`]);
  writeFileSync(path, POLICY.replace('maxSize', 'maxsize'));
  const bad = await run('policy', 'check', path);
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, new RegExp(`^${path}:2: unknown field "maxsize"; a rule may have from, to`));
  const unusable = await run('policy', 'explain', 'A -> //B/mailslot/x', '--file', path);
  assert.deepEqual([unusable.code, unusable.stderr.includes(`${path} cannot be used: line 2: `)], [1, true]);
  const json = await run('policy', 'check', path, '--json');
  assert.equal(json.code, 1);
  assert.equal(JSON.parse(json.stdout).line, 2);
});

test('which rule decides, both ways', async (t) => {
  const { run, root } = scene(t);
  const path = join(root, 'policy.json');
  writeFileSync(path, POLICY);
  const route = 'ALPHA -> //*/mailslot/alerts';
  const { code, stdout } = await run('policy', 'explain', route, '--file', path);
  assert.equal(code, 0);
  assert.match(stdout, /^out {2}deny {3}where it is sent, by rule 2, line 3\n/);
  assert.match(stdout, /^in {3}allow {2}where it arrives, by rule 1, line 2, up to 4096 bytes, 50 a second/m);
  assert.match(stdout, /not against members/);
  const json = (await run('policy', 'explain', 'B -> //B/mailslot/x', '--file', path, '--json')).stdout;
  assert.deepEqual(
    json
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    ['out', 'in'].map((direction) => ({
      direction,
      decision: 'allow',
      rule: null,
      line: null,
      maxSize: null,
      perSecond: null,
      burst: null,
    })),
  );
});

test('without a file it is the one that the configuration names', async (t) => {
  const { run, root } = scene(t);
  assert.match((await run('policy', 'check')).stderr, /names no policy/);
  writeFileSync(join(root, 'config.json'), '{"policy":"rules.json"}', { mode: 0o600 });
  const missing = await run('policy', 'check');
  assert.deepEqual([missing.code, /rules\.json .*it is not there/.test(missing.stderr)], [1, true]);
  writeFileSync(join(root, 'rules.json'), POLICY);
  assert.equal((await run('policy', 'check')).stdout, `${join(root, 'rules.json')} has no mistakes\n`);
  assert.equal((await run('policy', 'explain', 'nonsense')).code, 2);
});

test('a policy that cannot be used is told at once by what needs a redirector', async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  stage.env['MAILSLOT_AUTOSTART'] = '1';
  const config = join(stage.root, 'config.json');
  const file = JSON.parse(readFileSync(config, 'utf8'));
  writeFileSync(config, JSON.stringify({ ...file, policy: 'rules.json' }), { mode: 0o600 });
  for (const [text, reason] of [
    [undefined, /rules\.json .*it is not there/],
    ['{ "rules": [{ "frm": "A" }] }', /rules\.json .*unknown field "frm"/],
  ] as const) {
    if (text !== undefined) writeFileSync(join(stage.root, 'rules.json'), text);
    const { code, stderr } = await stage.run('computers');
    assert.equal(code, 1);
    assert.match(stderr, reason);
  }
});
