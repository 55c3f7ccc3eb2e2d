import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailslotError } from '../errors.js';
import { Fields } from './json-fields.js';
import { parseNats } from './nats-fields.js';
import type { NatsSettings } from './nats-settings.js';

const servers = ['nats://a.example:4222'];
const parse = (value: object): NatsSettings =>
  parseNats(new Fields(value, 'nats', (text) => new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', text)));

test('servers are named by URLs of two kinds', () => {
  const good = ['nats://a', 'tls://a.example:4222', 'nats://10.0.0.1:1/', 'nats://[fe80::1]:4222'];
  assert.deepEqual(parse({ servers: good }), { servers: good });
  const bad = [
    '',
    'a:4222',
    'http://a',
    'nats://',
    'nats://:4222',
    'nats://a/b',
    'nats://a?b',
    'nats://a:x',
    'nats://a b',
  ];
  for (const server of bad) assert.throws(() => parse({ servers: [server] }), /servers is a list/, server);
  for (const wrong of [undefined, [], 'nats://a', Array(17).fill('nats://a')]) {
    assert.throws(() => parse({ servers: wrong }), /servers is a list/);
  }
});

test('which server is wrong is said', () => {
  assert.throws(
    () => parse({ servers: [...servers, 'a.example:4222'] }),
    /; number 2 \("a\.example:4222"\) is none$/,
  );
  assert.throws(() => parse({ servers: ['nats://u:p@a'] }), /; number 1 is none$/);
});

test('a password in a URL is refused, and not shown', () => {
  for (const server of ['nats://me:sesame@a:4222', 'nats://sesame@a']) {
    assert.throws(
      () => parse({ servers: [server] }),
      ({ message }: Error) => /without user and password/.test(message) && !message.includes('sesame'),
    );
  }
});

test('one way to say who this is, and all of it', () => {
  const whole = [
    { token: 't' },
    { user: 'u', password: 'p' },
    { nkey: 'f' },
    { credentials: 'f', ca: 'f', cert: 'f', key: 'f', seal: false },
  ];
  for (const fields of whole) assert.deepEqual(parse({ servers, ...fields }), { servers, ...fields });
  const cases: readonly (readonly [fields: object, words: RegExp])[] = [
    [{ user: 'u' }, /nats\.password is missing beside "user"$/],
    [{ password: 'p' }, /nats\.user is missing beside "password"$/],
    [{ cert: 'f' }, /nats\.key is missing beside "cert"$/],
    [{ key: 'f' }, /nats\.cert is missing beside "key"$/],
    [{ token: 't', nkey: 'f' }, /nats\.nkey is one too many beside "token": choose one of them$/],
    [{ seal: 'no' }, /nats\.seal is true or false$/],
    [{ seed: 'SU' }, /nats has no field "seed"; known are servers, token/],
  ];
  for (const [fields, words] of cases) assert.throws(() => parse({ servers, ...fields }), words);
});
