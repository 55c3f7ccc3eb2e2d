import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { callRedirector, type NatsState } from 'mailslot';
import { intoDomain, serving } from '../../testing/domain.js';
import { natsServer } from '../../testing/nats-server.js';
import { needs } from '../../testing/programs.js';
import { type Scene, scene } from '../../testing/scene.js';
import { until } from '../../testing/until.js';

const real = needs('nats-server');

test('two computers without a LAN: seen, written to, and nothing is wrong', real, async (t) => {
  const [alpha, bravo] = [scene(t), scene(t)];
  await intoDomain('OFFICE', alpha, bravo);
  const { url } = await natsServer(t, alpha);
  await serving(alpha, '--computer', 'ALPHA', '--no-lan', '--nats', url);
  const watching = alpha.start('computers', '--watch');
  await watching.printed('ALPHA');
  await serving(bravo, '--computer', 'BRAVO', '--no-lan', '--nats', url);
  await watching.printed('BRAVO (OFFICE, nats, 127.0.0.1:');

  const { ended } = await bravo.listen('alerts', '--remote', 'domain', '--json', '--count', '1');
  const narrow = await bravo.listen('near', '--remote', 'domain', '--scope', 'lan', '--count', '1');
  await alpha.run('write', '//BRAVO/mailslot/near', 'too far for the slot');
  await alpha.run('write', '--scope', 'lan', '//BRAVO/mailslot/alerts', 'stays on its LAN');
  await alpha.run('write', '//BRAVO/mailslot/alerts', 'over NATS');
  const { text, sender } = JSON.parse((await ended).stdout);
  assert.deepEqual(
    [text, sender.via, sender.computer, sender.authenticated],
    ['over NATS', 'nats', 'ALPHA', true],
  );
  await bravo.run('write', 'near', 'from here');
  assert.equal((await narrow.ended).stdout, 'from here\n');

  assert.match(
    (await alpha.run('status')).stdout,
    /^ {2}lan: +not used\n {2}nats: +connected to 127\.0\.0\.1:\d+: nats-server .*sealed/m,
  );
  const findings = await examined(alpha);
  assert.match(String(findings.find(({ check }) => check === 'nats')?.finding), /^OFFICE: connected to 127/);
  assert.deepEqual(
    findings.filter(({ ok, check }) => !ok && check !== 'interface'),
    [],
  );
});

test('with NATS alone and no server reached nothing is said to be sent', real, async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  const { url, kill } = await natsServer(t, stage);
  await serving(stage, '--computer', 'ALPHA', '--no-lan', '--nats', url);
  await kill();
  await natsState(stage, ({ state }) => state === 'lost');
  const commands = [
    ['write', '//*/mailslot/alerts', 'hi'],
    ['write', '//BRAVO/mailslot/alerts', 'hi'],
    ['send', '*', 'hi'],
    ['send', 'BRAVO', 'hi'],
  ];
  const outcomes = await Promise.all(commands.map((words) => stage.run(...words)));
  for (const [at, { code, stdout, stderr }] of outcomes.entries()) {
    assert.deepEqual([code, stdout], [1, ''], commands[at]?.join(' '));
    assert.match(stderr, /no transport of the domain OFFICE reaches anybody \(nats: .*127\.0\.0\.1/);
  }
});

test('what permissions prints is what a server takes, when each $… has its password', real, async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  const names = ['ALPHA', 'Straße 5', 'a"b', '#1'];
  const { stdout } = await stage.run('nats', 'permissions', ...names);
  const variables = Array.from(stdout.matchAll(/\$(PASSWORD_\w+)$/gm), ([, name]) => String(name));
  assert.equal(new Set(variables).size, names.length);
  const missing = natsServer(t, stage, stdout);
  await assert.rejects(missing, /variable reference for 'PASSWORD_ALPHA'/);
  const { url } = await natsServer(
    t,
    stage,
    stdout,
    Object.fromEntries(variables.map((name) => [name, 'sesame'])),
  );

  const file = `${stage.root}/password`;
  const use = async (user: string, password: string): Promise<void> => {
    writeFileSync(file, password);
    assert.equal((await stage.run('nats', 'use', url, '--user', user, '--password-file', file)).code, 0);
  };
  await use('ALPHA', 'wrong');
  const running = await serving(stage, '--computer', 'ALPHA', '--no-lan');
  await natsState(
    stage,
    ({ state, problem }) => state === 'connecting' && /uthori[sz]ation/.test(String(problem)),
  );
  const refused = (await examined(stage)).find(({ check }) => check === 'nats');
  assert.match(String(refused?.finding), /^OFFICE: nats:\/\/127\S+: connecting, .*uthori[sz]ation/);
  assert.match(String(refused?.next), /users/);

  // Taken over at once.
  await use('ALPHA', 'sesame');
  await natsState(stage, ({ state }) => state === 'connected');
  running.child.kill('SIGTERM');
  await running.ended;

  // Another computer with ALPHA's user may not speak, nor listen, in its own name.
  await serving(stage, '--computer', 'BRAVO', '--no-lan');
  const { refused: what } = await natsState(stage, ({ refused }) => refused.length > 0);
  assert.match(String(what[0]), /^(publish|subscription) ms\./);
});

test('one block serves several computers in several domains', real, async (t) => {
  const stages = [scene(t), scene(t)] as const;
  const [alpha, bravo] = stages;
  await intoDomain('OFFICE', ...stages);
  await intoDomain('SHOP', ...stages);
  const words = ['nats', 'permissions', 'ALPHA', 'BRAVO', '--domain', 'OFFICE', '--domain', 'SHOP'];
  const { stdout } = await alpha.run(...words);
  const passwords = { PASSWORD_ALPHA: 'sesame', PASSWORD_BRAVO: 'sesame' };
  const { url } = await natsServer(t, alpha, stdout, passwords);
  const file = join(alpha.root, 'password');
  writeFileSync(file, 'sesame');
  for (const [stage, user] of [
    [alpha, 'ALPHA'],
    [bravo, 'BRAVO'],
  ] as const) {
    const login = ['--user', user, '--password-file', file];
    for (const domain of ['OFFICE', 'SHOP'])
      assert.equal((await stage.run('nats', 'use', url, '--domain', domain, ...login)).code, 0);
    await serving(stage, '--computer', user, '--no-lan');
  }
  for (const domain of ['OFFICE', 'SHOP']) {
    const slot = `of-${domain}`;
    const { ended } = await bravo.listen(slot, '--remote', 'domain', '--json', '--count', '1');
    let isHeard = false;
    const heard = ended.finally(() => {
      isHeard = true;
    });
    // The server learns of the slot a moment after it is there.
    await until(
      () => alpha.run('write', `//${domain}/mailslot/${slot}`, domain),
      () => isHeard,
    );
    const { text, sender } = JSON.parse((await heard).stdout);
    assert.deepEqual([text, sender.domain, sender.computer], [domain, domain, 'ALPHA']);
  }
  for (const { run } of stages) {
    const { domains } = JSON.parse((await run('status', '--json')).stdout);
    assert.deepEqual(
      domains.map(({ nats }: { nats: NatsState }) => [nats.state, nats.refused]),
      [
        ['connected', []],
        ['connected', []],
      ],
    );
  }
});

test('a server that does not take all slots: status and doctor say so', real, async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  const { url } = await natsServer(t, stage, 'max_subscriptions: 3');
  await serving(stage, '--no-lan', '--nats', url);
  await natsState(stage, ({ problem }) => /maximum subscriptions/.test(String(problem)));
  assert.match((await stage.run('status')).stdout, /^ {2}nats: .*maximum subscriptions exceeded/m);
  const found = (await examined(stage)).find(({ finding }) => finding.includes('maximum subscriptions'));
  assert.equal(found?.ok, false);
  assert.match(String(found?.next), /max_subscriptions/);
});

test('servers without a domain: that they are not used, and then they are', real, async (t) => {
  const stage = scene(t);
  const { url } = await natsServer(t, stage);
  const running = stage.start('serve', '--no-lan', '--nats', url);
  const [said] = await once(running.child.stderr, 'data');
  assert.match(String(said), /^mailslot: NATS is not used, .* in no domain; run "mailslot key new OFFICE"/);
  assert.equal((await stage.run('key', 'new', 'OFFICE', '--interface', 'lo')).code, 0);
  await natsState(stage, ({ state }) => state === 'connected');
});

test('a redirector that is started on first need brings NATS', real, async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  const { url } = await natsServer(t, stage);
  assert.equal((await stage.run('nats', 'use', url)).code, 0);
  delete stage.env['MAILSLOT_AUTOSTART'];
  const { code, stderr } = await stage.run('write', '//*/mailslot/alerts', 'first');
  try {
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    await natsState(stage, ({ state }) => state === 'connected');
  } finally {
    // It is no child of this process, and must not outlive the test.
    for await (const _ of callRedirector({ do: 'stop' }, { root: stage.root }));
  }
});

test('a server that is gone: status and doctor say so', real, async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  const { url, kill } = await natsServer(t, stage);
  await serving(stage, '--no-lan', '--nats', url);
  await natsState(stage, ({ state }) => state === 'connected');
  await kill();
  await natsState(stage, ({ state }) => state === 'lost');
  assert.match((await stage.run('status')).stdout, /^ {2}nats: +nats:\/\/127.*: lost/m);
});

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly finding: string;
  readonly next: string | null;
}

async function examined({ run }: Scene): Promise<Finding[]> {
  const { stdout, stderr } = await run('doctor', '--json');
  assert.equal(stderr, '');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** How the connection stands, as soon as it stands so: it comes and goes when it can. */
async function natsState(stage: Scene, isSo: (nats: NatsState) => boolean): Promise<NatsState> {
  for (;;) {
    const { domains } = JSON.parse((await stage.run('status', '--json')).stdout);
    const nats = domains[0]?.nats;
    if (nats !== undefined && isSo(nats)) return nats;
  }
}
