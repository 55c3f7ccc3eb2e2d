import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { permissionsOf, subjectsOf } from '@mailslot/nats';
import { connect, nkeys } from '@nats-io/transport-node';
import type { NatsSettings } from 'mailslot';
import { PacketWriter, realPorts } from 'mailslot/transports';
import type { Scene } from '../harness/scene.js';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import { Authority, credentials } from './support/credentials.js';
import { NatsServer } from './support/server.js';
import { OFFICE, ring, SLOT, Station, sceneOf } from './support/station.js';

/*
 * Whom a server lets in, and what it lets them do.
 */

const NEEDS = needs('nats-server');
const NEEDS_TLS = needs('nats-server', 'openssl');

type Access = Omit<NatsSettings, 'servers'>;

/** Two computers that get in talk; one that does not says why, with what to do. */
async function lets(t: TestContext, config: string, good: Access, bad: Access, why: RegExp): Promise<void> {
  const at = sceneOf(t);
  const server = await NatsServer.start(at, { config });
  const servers = [server.url];
  const [alpha, bravo] = [
    await Station.start(at, 'ALPHA', { servers, ...good }),
    await Station.start(at, 'BRAVO', { servers, ...good }),
  ];
  await bravo.hears(alpha, 'let in');
  const stranger = new Station('CHARLIE', { servers, ...bad });
  await assert.rejects(stranger.transport.start(stranger), (error) => {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'ERR_MAILSLOT_IO');
    assert.match(error.message, why);
    return true;
  });
  assert.match(stranger.transport.describe().problem!, why);
  await stranger.transport.close();
}

const KEPT_OUT =
  /does not let this computer in \(.*Authorization Violation.*\); check token, user and password/;

test('with a token', NEEDS, (t) =>
  lets(t, 'authorization { token: open-sesame }', { token: 'open-sesame' }, { token: 'hunter2' }, KEPT_OUT),
);

test('with user and password', NEEDS, (t) =>
  lets(
    t,
    'authorization { users: [ { user: alpha, password: "right one" } ] }',
    { user: 'alpha', password: 'right one' },
    { user: 'alpha', password: 'hunter2' },
    KEPT_OUT,
  ),
);

test('with nothing, where something is asked for', NEEDS, (t) =>
  lets(t, 'authorization { token: open-sesame }', { token: 'open-sesame' }, {}, KEPT_OUT),
);

test('with an nkey', NEEDS, (t) => {
  const [pair, other] = [nkeys.createUser(), nkeys.createUser()];
  const seed = (of: typeof pair): string => Buffer.from(of.getSeed()).toString();
  const config = `authorization { users: [ { nkey: ${pair.getPublicKey()} } ] }`;
  return lets(t, config, { nkey: `${seed(pair)}\n` }, { nkey: seed(other) }, KEPT_OUT);
});

test('with a .creds file', NEEDS, (t) => {
  const [mine, others] = [credentials(), credentials()];
  return lets(t, mine.config, { credentials: mine.file }, { credentials: others.file }, KEPT_OUT);
});

const UNTRUSTED = /do not agree on TLS \(.*\); "ca" names the authority/;

test(
  'with TLS, by an authority that is told, also where the certificate is for an address',
  NEEDS_TLS,
  (t) => {
    const authority = new Authority(sceneOf(t).folder());
    const { certPath, keyPath } = authority.certificate('server', 'IP:127.0.0.1');
    const config = `tls { cert_file: "${certPath}", key_file: "${keyPath}" }`;
    return lets(t, config, { ca: authority.own.cert }, {}, UNTRUSTED);
  },
);

test('not with TLS by a certificate that is for another address', NEEDS_TLS, async (t) => {
  const at = sceneOf(t);
  const authority = new Authority(at.folder());
  const { certPath, keyPath } = authority.certificate('server', 'IP:127.0.0.2,DNS:localhost');
  const config = `tls { cert_file: "${certPath}", key_file: "${keyPath}" }`;
  const server = await NatsServer.start(at, { config });
  const alpha = new Station('ALPHA', { servers: [server.url], ca: authority.own.cert });
  await assert.rejects(alpha.transport.start(alpha), UNTRUSTED);
  // By the name that it is for it is the same server.
  const named = server.url.replace('127.0.0.1', 'localhost');
  const bravo = await Station.start(at, 'BRAVO', { servers: [named], ca: authority.own.cert });
  assert.equal(bravo.transport.describe().tls, true);
});

test('with a certificate of its own, where the server asks for one', NEEDS_TLS, (t) => {
  const authority = new Authority(sceneOf(t).folder());
  const { certPath, keyPath } = authority.certificate('server', 'IP:127.0.0.1');
  const { cert, key } = authority.certificate('alpha', 'DNS:alpha');
  const files = `cert_file: "${certPath}", key_file: "${keyPath}", ca_file: "${authority.own.certPath}"`;
  const ca = authority.own.cert;
  return lets(
    t,
    `tls { ${files}, verify: true }`,
    { ca, cert, key },
    { ca },
    /the NATS server .*(TLS|connection)/,
  );
});

test('tls:// does not speak to a server without TLS', NEEDS, async (t) => {
  const server = await NatsServer.start(sceneOf(t));
  const alpha = new Station('ALPHA', { servers: [server.url.replace('nats:', 'tls:')] });
  await assert.rejects(alpha.transport.start(alpha), /do not agree on TLS/);
});

/** Another server in the place of this one. */
async function replace(at: Scene, server: NatsServer, config: string): Promise<NatsServer> {
  await server.kill();
  return NatsServer.start(at, { port: Number(server.address.split(':')[1]), config });
}

/** A server's configuration with a user, and the permissions of the generator, for each of these computers. */
function office(...computers: readonly string[]): string {
  const users = computers.map((name) => {
    const { publish, subscribe } = permissionsOf(OFFICE, name);
    const [may, hears] = [publish, subscribe].map((list) => JSON.stringify(list));
    return `{ user: ${name}, password: x, permissions: { publish: { allow: ${may} }, subscribe: { allow: ${hears} } } }`;
  });
  return `authorization { users: [ ${users.join(', ')} ] }`;
}

test('with the permissions of the generator a computer speaks for itself alone', NEEDS, async (t) => {
  const at = sceneOf(t);
  const server = await NatsServer.start(at, { config: office('ALPHA', 'BRAVO', 'CHARLIE') });
  const as = (user: string): NatsSettings => ({ servers: [server.url], user, password: 'x' });
  const [alpha, bravo] = [
    await Station.start(at, 'ALPHA', as('ALPHA')),
    await Station.start(at, 'BRAVO', as('BRAVO')),
  ];
  await bravo.hears(alpha, 'to all');
  alpha.send('to one', { to: { kind: 'computer', name: 'bravo' } });
  await until(async () => bravo.texts.includes('to one'), 'the message to one');
  assert.deepEqual(alpha.transport.describe().refused, []);

  // CHARLIE has the key of the domain, and says that it is ALPHA.
  const forger = await Station.start(at, 'CHARLIE', as('CHARLIE'));
  const forged = `publish ${subjectsOf(OFFICE, 'ALPHA').toDomain(SLOT)}`;
  forger.send('forged', { from: 'ALPHA' });
  await until(async () => forger.transport.describe().refused.includes(forged), 'the refusal');
  // The server is not asked again and again: it would write each attempt into its log.
  const { unsent } = forger.transport.describe().sent;
  forger.send('forged', { from: 'ALPHA' });
  await until(async () => forger.transport.describe().sent.unsent === unsent + 1, 'it to be counted');
  await bravo.hears(forger, 'true');
  assert.ok(!bravo.texts.includes('forged'));
  assert.deepEqual(bravo.drops, []);
});

test(
  'who publishes under its own name what is sealed under another one is dropped as forged',
  NEEDS,
  async (t) => {
    const at = sceneOf(t);
    const server = await NatsServer.start(at, { config: office('ALPHA', 'BRAVO', 'CHARLIE') });
    const as = (user: string): NatsSettings => ({ servers: [server.url], user, password: 'x' });
    const bravo = await Station.start(at, 'BRAVO', as('BRAVO'));
    const writer = new PacketWriter({
      domain: OFFICE,
      ring: ring(),
      ports: realPorts,
      batchBytes: 8_192,
      bufferBytes: 100_000,
    });
    const forger = await connect({ servers: server.url, user: 'CHARLIE', pass: 'x' });
    at.after(() => forger.close());
    const identity = { instance: '0123456789abcdef', counter: 1, stamp: Date.now() };
    const to = { kind: 'domain', name: OFFICE } as const;
    const data = Buffer.from('forged');
    writer.put({ identity, from: 'ALPHA', to, sequence: 1, slot: SLOT, scope: 'site', data }, '');
    forger.publish(subjectsOf(OFFICE, 'CHARLIE').toDomain(SLOT), Buffer.concat(writer.next()!.pieces!));
    await until(async () => bravo.drops.length > 0, 'the drop');
    assert.deepEqual(bravo.drops, ['forged']);
    assert.deepEqual(bravo.texts, []);
  },
);

test('a slot that it may not listen to is told, and heard once it may', NEEDS, async (t) => {
  const at = sceneOf(t);
  const server = await NatsServer.start(at, { config: office('BRAVO') });
  // BRAVO says that it is CHARLIE, who has other subjects.
  const wrong = await Station.start(at, 'CHARLIE', { servers: [server.url], user: 'BRAVO', password: 'x' });
  const [own] = subjectsOf(OFFICE, 'CHARLIE').heard(SLOT);
  await until(async () => wrong.transport.describe().refused.length > 0, 'the refusal');
  assert.deepEqual(wrong.transport.describe().refused, [`subscription ${own}`]);
  assert.equal(wrong.transport.describe().subscriptions, 1);
  assert.equal(wrong.transport.describe().state, 'connected');
  await replace(at, server, office('CHARLIE').replace('user: CHARLIE', 'user: BRAVO'));
  await until(async () => wrong.transport.describe().subscriptions === 2, 'the subscription');
  assert.deepEqual(wrong.transport.describe().refused, []);
});

test(
  'a password that is changed keeps a computer out and says so, until it is right again',
  NEEDS,
  async (t) => {
    const at = sceneOf(t);
    const config = (password: string): string => `authorization { user: a, password: ${password} }`;
    const server = await NatsServer.start(at, { config: config('one') });
    const alpha = await Station.start(at, 'ALPHA', { servers: [server.url], user: 'a', password: 'one' });
    const other = await replace(at, server, config('two'));
    await until(async () => KEPT_OUT.test(alpha.transport.describe().problem ?? ''), 'the reason');
    assert.equal(alpha.transport.describe().state, 'lost');
    await replace(at, other, config('one'));
    await until(async () => alpha.transport.describe().state === 'connected', 'the connection');
    assert.equal(alpha.transport.describe().problem, undefined);
  },
);
