import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadConfig, policyText } from './config.js';
import type { NatsSettings } from './nats-settings.js';

const refused = (message: RegExp) => ({ code: 'ERR_MAILSLOT_UNUSABLE_CONFIG', message });

test('without a file: the host, in no domain', (t) => {
  const { env, path } = place(t, undefined);
  assert.deepEqual(loadConfig(env), {
    path,
    computer: (hostname().split('.')[0] as string).toUpperCase(),
    isNamedByHost: true,
    domains: [],
    policy: undefined,
  });
});

test('an option beats the environment, and that beats the file', (t) => {
  const { env } = place(t, {
    computer: 'file',
    domains: [{ name: 'ONE' }, { name: 'TWO' }, { name: 'THREE' }],
  });
  const names = (config: ReturnType<typeof loadConfig>): string[] => [
    config.computer,
    ...config.domains.map(({ name }) => name),
  ];
  assert.deepEqual(names(loadConfig(env)), ['FILE', 'ONE', 'TWO', 'THREE']);
  const set = { ...env, MAILSLOT_COMPUTER: 'env', MAILSLOT_DOMAIN: 'two' };
  assert.deepEqual(names(loadConfig(set)), ['ENV', 'TWO', 'ONE', 'THREE']);
  assert.deepEqual(names(loadConfig(set, { computer: 'opt', domain: 'Three' })), [
    'OPT',
    'THREE',
    'ONE',
    'TWO',
  ]);
  assert.deepEqual(names(loadConfig({ ...env, MAILSLOT_COMPUTER: '', MAILSLOT_DOMAIN: '' })), [
    'FILE',
    'ONE',
    'TWO',
    'THREE',
  ]);
});

test('the network that is chosen by hand takes the place of what the file says, field by field', (t) => {
  const { env } = place(t, { domains: [{ name: 'A', lan: { port: 5, family: 'IPv4' } }, { name: 'B' }] });
  const { domains } = loadConfig(env, { lan: { family: 'IPv6', interfaces: ['lo'] } });
  assert.deepEqual(
    domains.map(({ lan }) => lan),
    [
      { port: 5, family: 'IPv6', interfaces: ['lo'] },
      { family: 'IPv6', interfaces: ['lo'] },
    ],
  );
});

test('the LAN can be left out by hand, and taken back', (t) => {
  const { env } = place(t, {
    domains: [
      { name: 'A', lan: false },
      { name: 'B', lan: { port: 5 } },
    ],
  });
  const lans = (lan?: false | object) =>
    loadConfig(env, lan === undefined ? {} : { lan }).domains.map((each) => each.lan);
  assert.deepEqual(lans(), [false, { port: 5 }]);
  assert.deepEqual(lans(false), [false, false]);
  assert.deepEqual(lans({ family: 'IPv4' }), [{ family: 'IPv4' }, { port: 5, family: 'IPv4' }]);
});

test('NATS by hand takes the place of what the file says, field by field; paths are absolute', (t) => {
  const nats = { servers: ['nats://file'], nkey: 'a.nk', seal: false };
  const { env, folder } = place(t, { domains: [{ name: 'A', nats }, { name: 'B' }] });
  const found = (asked?: NatsSettings | false) =>
    loadConfig(env, { nats: asked }).domains.map((each) => each.nats);
  const stored = { ...nats, nkey: join(folder, 'a.nk') };
  const servers = ['tls://hand'];
  assert.deepEqual(found(), [stored, undefined]);
  assert.deepEqual(found({ servers }), [{ ...stored, servers }, { servers }]);
  assert.deepEqual(found(false), [undefined, undefined]);
  assert.equal(found({ servers, nkey: 'b.nk' })[0]?.nkey, join(process.cwd(), 'b.nk'));
  assert.throws(() => found({ servers: ['http://hand'] }), refused(/nats\.servers is a list/));
  assert.throws(() => found({ servers, token: 'x' }), refused(/nats\.nkey is one too many beside "token"/));
});

test('a domain that is not in the file is refused, with the next step', (t) => {
  const { env } = place(t, { domains: [{ name: 'ONE' }] });
  assert.throws(
    () => loadConfig({ ...env, MAILSLOT_DOMAIN: 'shop' }),
    refused(/domain SHOP was asked for.*mailslot key new SHOP.*key share.*key install/),
  );
  assert.throws(() => loadConfig({ ...env, MAILSLOT_DOMAIN: 'a/b' }), refused(/is no name/));
  assert.throws(() => loadConfig({ ...env, MAILSLOT_COMPUTER: '*' }), refused(/is no name/));
});

test('the policy lies beside the file, and must be there and safe', (t) => {
  const { env, folder } = place(t, { policy: 'policy.json' });
  const config = loadConfig(env);
  assert.equal(config.policy, join(folder, 'policy.json'));
  assert.throws(() => policyText(config), refused(/the policy .*it is not there/));
  writeFileSync(join(folder, 'policy.json'), '{}', { mode: 0o644 });
  assert.equal(policyText(config), '{}');
  assert.equal(policyText({ ...config, policy: undefined }), undefined);
  if (process.platform === 'win32') return;
  chmodSync(join(folder, 'policy.json'), 0o666);
  assert.throws(() => policyText(config), refused(/mode 0666.*chmod go-w/));
});

function place(t: TestContext, json: object | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-config-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'config.json');
  if (json !== undefined) writeFileSync(path, JSON.stringify(json), { mode: 0o600 });
  return { env: { MAILSLOT_CONFIG: path }, folder, path };
}
