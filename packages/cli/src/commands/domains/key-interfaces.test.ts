import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { needs } from '../../testing/programs.js';
import { bin, type Running, type Scene, scene } from '../../testing/scene.js';

const namespace = ((): { skip: string | false } => {
  if (process.platform !== 'linux') return { skip: 'needs network namespaces' };
  for (const program of ['script', 'ip', 'unshare']) {
    const need = needs(program);
    if (need.skip) return need;
  }
  return { skip: spawnSync('unshare', ['-n', 'true']).status !== 0 && 'needs root' };
})();

test('on a terminal a new domain asks on which interfaces it speaks', namespace, async (t) => {
  for (const [typed, interfaces] of [
    ['2\n', ['two']],
    ['nine\n2 one\n', ['two', 'one']],
    ['\n', undefined],
  ] as const) {
    const stage = scene(t);
    const { child, ended, printed } = withTwoInterfaces(stage, 'script -qec "$M key new OFFICE" /dev/null');
    await printed('numbers or names');
    child.stdin.write(typed);
    const { code, stdout } = await ended;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /1 {2}one {2}198\.51\.100\.1\r\n {2}2 {2}two {2}203\.0\.113\.1\r\n/);
    assert.deepEqual(interfacesIn(stage), interfaces);
  }
});

test('who chooses none makes no key', namespace, async (t) => {
  const stage = scene(t);
  const { child, ended, printed } = withTwoInterfaces(stage, 'script -qec "$M key new OFFICE" /dev/null');
  await printed('numbers or names');
  child.stdin.write('\x04');
  const { code, stdout } = await ended;
  assert.equal(code, 2);
  assert.match(stdout, /no interface was chosen, and nothing was changed/);
  assert.throws(() => interfacesIn(stage), { code: 'ENOENT' });
});

test('without a terminal it is told where a new domain speaks', namespace, async (t) => {
  const stage = scene(t);
  const all = await withTwoInterfaces(stage, '$M key new OFFICE').ended;
  assert.match(
    all.stdout,
    /OFFICE speaks on every interface: one \(198\.51\.100\.1\), two \(203\.0\.113\.1\); for others put "interfaces" into /,
  );
  assert.equal(interfacesIn(stage), undefined);
  const again = await withTwoInterfaces(stage, '$M key new OFFICE').ended;
  assert.doesNotMatch(again.stdout, /speaks/);
});

test('--interface chooses, by name or address, for key new and key install', async (t) => {
  const [alpha, bravo] = [scene(t), scene(t)];
  const { code, stdout } = await alpha.run('key', 'new', 'OFFICE', '--interface', 'lo');
  assert.equal(code, 0);
  assert.match(stdout, /^OFFICE speaks on lo and on nothing else\n/m);
  assert.deepEqual(interfacesIn(alpha), ['lo']);
  const line = (await alpha.run('key', 'share')).stdout;
  const installed = await bravo.feed(line, 'key', 'install', '--interface', '127.0.0.1', '--interface', 'lo');
  assert.match(installed.stdout, /^OFFICE speaks on 127\.0\.0\.1 and lo and on nothing else\n/m);
  assert.deepEqual(interfacesIn(bravo), ['127.0.0.1', 'lo']);
  const refused = await bravo.run('key', 'new', 'LAB', '--interface', 'no-such-0');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^mailslot: there is no interface no-such-0 here, only /);
});

/** Runs a command of a shell in a network of its own with two interfaces; `$M` is the program. */
function withTwoInterfaces(stage: Scene, command: string): Running {
  const network = [
    'ip link add one type veth peer name two',
    'ip addr add 198.51.100.1/24 dev one',
    'ip addr add 203.0.113.1/24 dev two',
    'ip link set one up',
    'ip link set two up',
  ];
  stage.env['M'] = `${process.execPath} ${bin}`;
  return stage.other('unshare', '-n', 'sh', '-ec', [...network, command].join('\n'));
}

function interfacesIn({ env }: Scene): unknown {
  return JSON.parse(readFileSync(String(env['MAILSLOT_CONFIG']), 'utf8')).domains[0].lan?.interfaces;
}
