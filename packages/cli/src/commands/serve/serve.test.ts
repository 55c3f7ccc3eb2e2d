import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intoDomain, serving } from '../../testing/domain.js';
import { type Scene, scene } from '../../testing/scene.js';

// Linux hands multicast on loopback to every process; elsewhere it depends on the machine.
const linux = { skip: process.platform === 'linux' ? false : 'needs multicast on loopback' };

test('serve: one a root, until a signal ends it', linux, async (t) => {
  const stage = scene(t);
  const id = await intoDomain('OFFICE', stage);
  const { child, ended } = await serving(stage, '--computer', 'alpha');
  const second = await stage.run('serve');
  assert.equal(second.code, 1);
  assert.match(second.stderr, /^mailslot: /);

  const { code, stdout } = await stage.run('status');
  assert.equal(code, 0);
  assert.match(stdout, /^computer: +ALPHA$/m);
  assert.match(stdout, new RegExp(`^domain: +OFFICE, key ${id}$`, 'm'));
  assert.match(stdout, /^ {2}lan: +IPv4 group 239\.255\.77\.83 port \d+ on lo$/m);
  assert.equal(JSON.parse((await stage.run('status', '--json')).stdout).domains[0].inUse, id);

  child.kill('SIGTERM');
  const end = await ended;
  assert.equal(end.signal, 'SIGTERM');
  assert.equal(JSON.parse(end.stdout).computer, 'ALPHA');
  const gone = await stage.run('status');
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /no redirector runs in .*mailslot serve/);
});

test('a configuration that was named and is not there, and an interface that is not, are told', async (t) => {
  const stage = scene(t);
  const typo = await stage.run('serve', '--config', `${stage.root}/typo.json`);
  assert.deepEqual([typo.code, /typo\.json is not there/.test(typo.stderr)], [1, true]);
  const running = stage.start('serve', '--interface', 'nvx');
  await running.printed('domain:');
  running.child.kill('SIGTERM');
  assert.match((await running.ended).stderr, /there is no interface nvx here now/);
});

test('without a domain it listens to nothing, and says how to be in one', linux, async (t) => {
  const stage = scene(t);
  const running = stage.start('serve');
  await running.printed('domain:');
  assert.match((await stage.run('status')).stdout, /^domain: +none: .*mailslot key new/m);
  assert.deepEqual(JSON.parse((await stage.run('status', '--json')).stdout).domains, []);
});

test('two computers see each other; doctor finds nothing wrong with them', linux, async (t) => {
  const [alpha, bravo] = [scene(t), scene(t)];
  await intoDomain('OFFICE', alpha, bravo);
  await serving(alpha, '--computer', 'ALPHA');
  const watching = alpha.start('computers', '--watch');
  await watching.printed('ALPHA');
  const other = await serving(bravo, '--computer', 'BRAVO');
  await watching.printed('BRAVO (OFFICE, lan, 127.0.0.1:');
  await watching.printed(' is there\n');

  const entries = (await alpha.run('computers', '--json')).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    entries.map(({ name, state, transports }) => ({ name, state, transports })),
    [
      { name: 'ALPHA', state: 'here', transports: ['loop'] },
      { name: 'BRAVO', state: 'here', transports: ['lan'] },
    ],
  );

  const findings = await examined(alpha);
  const found = (check: string): string[] =>
    findings.filter((each) => each.check === check).map(({ finding }) => finding);
  assert.match(found('peer').join('\n'), /^BRAVO in OFFICE \(127\.0\.0\.1:\d+\) is here$/);
  assert.match(
    found('echo').join('\n'),
    /^BRAVO \(127\.0\.0\.1:\d+\) answered in .* ms, by the group in .* ms$/,
  );
  assert.deepEqual(
    findings.filter(({ ok, check }) => !ok && check !== 'interface'),
    [],
  );

  other.child.kill('SIGTERM');
  await watching.printed('is gone\n');
});

test('a key that is used takes effect at once in a redirector that runs', linux, async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  await serving(stage);
  const { id } = JSON.parse((await stage.run('key', 'new', 'OFFICE', '--interface', 'lo', '--json')).stdout);
  assert.equal((await stage.run('key', 'use', id)).code, 0);
  const { inUse, keys } = JSON.parse((await stage.run('status', '--json')).stdout).domains[0];
  assert.equal(inUse, id);
  assert.equal(keys.length, 2);
});

test('a wrong key: doctor says who has it', linux, async (t) => {
  const [alpha, bravo] = [scene(t), scene(t)];
  await intoDomain('OFFICE', alpha, bravo);
  // Leaves the domain and makes one of the same name.
  const { id } = JSON.parse((await bravo.run('key', 'new', 'OFFICE', '--interface', 'lo', '--json')).stdout);
  await bravo.run('key', 'use', id);
  await serving(alpha, '--computer', 'ALPHA');
  await serving(bravo, '--computer', 'BRAVO');
  const found = (await examined(alpha)).find(({ check, ok }) => check === 'key' && !ok);
  assert.match(
    String(found?.finding),
    /^127\.0\.0\.1 sent \d+ packets of another domain, or of OFFICE with a key/,
  );
  assert.match(String(found?.next), /mailslot key share.*mailslot key install/);
});

test('choices that exclude each other are refused', async (t) => {
  const { run } = scene(t);
  assert.equal((await run('serve', '--ipv4', '--ipv6')).code, 2);
  assert.equal((await run('serve', '--loopback', '--interface', 'eth0')).code, 2);
  assert.equal((await run('serve', '--interface')).code, 2);
  for (const other of [['--loopback'], ['--interface', 'eth0'], ['--ipv4'], ['--ipv6']]) {
    assert.equal((await run('serve', '--no-lan', ...other)).code, 2);
  }
  assert.equal((await run('serve', '--loopback', '--nats', 'nats://a')).code, 2);
  const wrong = await run('serve', '--nats', 'http://a');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /nats\.servers is a list of/);
});

async function examined({
  run,
}: Scene): Promise<{ check: string; ok: boolean; finding: string; next: string | null }[]> {
  const { stdout, stderr } = await run('doctor', '--json');
  assert.equal(stderr, '');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
