import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nkeys } from '@nats-io/transport-node';
import { MAX_SERVERS } from './limits.js';
import { authenticatorsOf, serversOf, tlsOf } from './settings.js';

const INVALID = 'ERR_MAILSLOT_INVALID_ARGUMENT';
const servers = ['nats://a'];

test('servers are hosts and ports, with the port of NATS where none is given', () => {
  assert.deepEqual(
    serversOf({ servers: ['nats://a', 'tls://b.example:7', 'nats://[::1]:8', 'nats://10.0.0.1'] }),
    [
      { url: 'nats://a', host: 'a', port: 4222, mustBeTls: false },
      { url: 'tls://b.example:7', host: 'b.example', port: 7, mustBeTls: true },
      { url: 'nats://[::1]:8', host: '::1', port: 8, mustBeTls: false },
      { url: 'nats://10.0.0.1', host: '10.0.0.1', port: 4222, mustBeTls: false },
    ],
  );
});

test('what is no server is refused, and a password is not repeated', () => {
  const many = Array.from({ length: MAX_SERVERS + 1 }, (_, at) => `nats://h${at}`);
  const wrong = [
    [],
    many,
    ['ws://a'],
    ['a:4222'],
    ['nats://'],
    ['x'],
    ['nats://u:hunter2@a'],
    ['nats://hunter2@a'],
  ];
  for (const list of wrong) {
    assert.throws(
      () => serversOf({ servers: list }),
      (error) =>
        error instanceof Error &&
        'code' in error &&
        error.code === INVALID &&
        !error.message.includes('hunter2'),
      list[0],
    );
  }
});

test('who a computer says it is', () => {
  const auth = (settings: object): unknown[] =>
    authenticatorsOf({ servers, ...settings }).map((each) => each('nonce'));
  assert.deepEqual(auth({}), []);
  assert.deepEqual(auth({ token: 't' }), [{ auth_token: 't' }]);
  assert.deepEqual(auth({ user: 'u', password: 'p' }), [{ user: 'u', pass: 'p' }]);
  const pair = nkeys.createUser();
  const seed = Buffer.from(pair.getSeed()).toString();
  const [signed] = auth({ nkey: ` ${seed}\n` }) as [{ nkey: string; sig: string }];
  assert.equal(signed.nkey, pair.getPublicKey());
  assert.ok(pair.verify(Buffer.from('nonce'), Buffer.from(signed.sig, 'base64url')));
  const credentials =
    `-----BEGIN NATS USER JWT-----\na.b.c\n------END NATS USER JWT------\n\n` +
    `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
  const [bearer] = auth({ credentials }) as [{ jwt: string; nkey: string }];
  assert.equal(bearer.jwt, 'a.b.c');
  assert.equal(bearer.nkey, pair.getPublicKey());
});

test('a seed or credentials that are none are refused, and not repeated', () => {
  for (const settings of [{ nkey: 'SUhunter2' }, { nkey: '' }, { credentials: 'hunter2' }]) {
    assert.throws(
      () => authenticatorsOf({ servers, ...settings }),
      (error) =>
        error instanceof Error &&
        'code' in error &&
        error.code === INVALID &&
        !error.message.includes('hunter2'),
    );
  }
});

test('TLS is demanded by tls:// and by every one of its settings', () => {
  const nothing = (): undefined => undefined;
  assert.equal(tlsOf({ servers }, nothing), undefined);
  assert.ok(tlsOf({ servers: ['nats://a', 'tls://b'] }, nothing));
  assert.equal(tlsOf({ servers, cert: 'C', key: 'K' }, nothing)?.cert, 'C');
  const ca = tlsOf({ servers, ca: 'MINE' }, nothing)?.ca;
  assert.ok(ca?.endsWith('\nMINE') && ca.includes('BEGIN CERTIFICATE'), 'beside those that Node trusts');
});
