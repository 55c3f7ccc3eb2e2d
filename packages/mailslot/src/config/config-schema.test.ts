import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../errors.js';
import { keyOf } from '../packet/key-ring.js';
import { type ConfigFile, formatConfig, NO_CONFIG, parseConfig } from './config-schema.js';

const SECRET = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY';
const { id } = keyOf(new TextEncoder().encode('0123456789abcdef0123456789abcdef'));
const key = { id, secret: SECRET, installed: '2026-11-22T08:00:00.000Z' };
const parse = (json: unknown): ConfigFile => parseConfig(JSON.stringify(json), '/c.json');

test('a whole configuration', () => {
  const lan = { interfaces: ['eth0', '10.0.0.5'], family: 'IPv6', port: 1234 };
  const nats = { servers: ['tls://a.example:4222', 'nats://[::1]'], credentials: 'a.creds', seal: true };
  const config = parse({
    computer: 'alpha',
    domains: [
      { name: 'office', keys: [key], use: id, lan },
      { name: 'Straße 5', keys: [], nats },
      { name: 'afar', lan: false },
    ],
    policy: 'policy.json',
  });
  assert.deepEqual(config, {
    computer: 'ALPHA',
    domains: [
      { name: 'OFFICE', keys: [{ ...key, secret: bytes() }], use: id, lan, nats: undefined },
      { name: 'STRAßE 5', keys: [], use: undefined, lan: {}, nats },
      { name: 'AFAR', keys: [], use: undefined, lan: false, nats: undefined },
    ],
    policy: 'policy.json',
  });
  assert.deepEqual(parseConfig(formatConfig(config), '/c.json'), config);
});

test('nothing at all is an empty one', () => {
  assert.deepEqual(parse({}), NO_CONFIG);
});

test('what is wrong is refused with its place and without its value', () => {
  const domain = (fields: object): unknown => ({ domains: [{ name: 'OFFICE', ...fields }] });
  const cases: readonly (readonly [json: unknown, words: RegExp])[] = [
    [[], /the file is an object in \{\}, not a list$/],
    [null, /not null$/],
    [{ domain: [] }, /the file has no field "domain"; known are computer, domains, policy$/],
    [{ computer: 5 }, /computer is a text$/],
    [{ computer: '' }, /computer is a text$/],
    [{ computer: 'a/b' }, /computer "a\/b" is no name/],
    [{ computer: '*' }, /is no name/],
    [{ computer: 'x'.repeat(256) }, /is no name/],
    [{ computer: 'a\nb' }, /computer has characters that cannot be seen$/],
    [{ computer: ' a' }, /computer has characters that cannot be seen$/],
    [{ domains: {} }, /domains is a list in \[\]$/],
    [{ domains: ['OFFICE'] }, /domains\[0\] is an object in \{\}, not a string$/],
    [{ domains: [{}] }, /domains\[0\]\.name is missing$/],
    [{ domains: [{ name: 'a' }, { name: 'A' }] }, /the domain A is in it twice$/],
    [{ domains: Array(17).fill({ name: 'a' }) }, /domains has more than 16 entries$/],
    [domain({ key: [] }), /domains\[0\] has no field "key"/],
    [domain({ keys: [{ ...key, id: 'X' }] }), /domains\[0\]\.keys\[0\]\.id is [0-9a-f]{8} for this secret/],
    [domain({ keys: [{ ...key, secret: SECRET.slice(1) }] }), /keys\[0\]\.secret is 43 characters/],
    [domain({ keys: [{ ...key, secret: `${SECRET.slice(0, -1)}Z` }] }), /keys\[0\]\.secret is 43 characters/],
    [domain({ keys: [{ ...key, installed: 'yesterday' }] }), /keys\[0\]\.installed is a time/],
    [domain({ keys: [{ ...key, note: 'x' }] }), /keys\[0\] has no field "note"/],
    [domain({ keys: [key, key] }), /the key [0-9a-f]{8} is in it twice$/],
    [domain({ keys: [key], use: '00000000' }), /domains\[0\]\.use is no id of a key of OFFICE$/],
    [domain({ lan: { port: 0 } }), /domains\[0\]\.lan\.port is a whole number from 1 to 65535$/],
    [domain({ lan: { port: '48783' } }), /lan\.port is a number$/],
    [domain({ lan: { family: 'ipv4' } }), /lan\.family is "any", "IPv4" or "IPv6"$/],
    [domain({ lan: { interfaces: [] } }), /lan\.interfaces is a list of texts, not empty$/],
    [domain({ lan: { ttl: 2 } }), /lan has no field "ttl"/],
    [domain({ lan: true }), /domains\[0\]\.lan is an object in \{\}, not a boolean$/],
  ];
  for (const [json, words] of cases) {
    assert.throws(
      () => parse(json),
      (error) => {
        assert.ok(error instanceof MailslotError);
        assert.equal(error.code, 'ERR_MAILSLOT_UNUSABLE_CONFIG');
        assert.equal(error.remedy, 'correct /c.json');
        assert.match(error.message.replace(/; correct \/c\.json$/, ''), words);
        assert.match(error.message, /^the configuration \/c\.json cannot be used: /);
        return true;
      },
    );
  }
});

test('what is not JSON is refused with the line, and never shows a secret', () => {
  const text = `{\n  "domains": [{ "name": "A",\n "keys": [{ "secret": "${SECRET}", x } ] }]\n}`;
  assert.throws(
    () => parseConfig(text, '/c.json'),
    (error) => {
      assert.ok(error instanceof MailslotError);
      assert.match(error.message, /it is not JSON; correct line 3 of \/c\.json$/);
      assert.equal(error.remedy, 'correct line 3 of /c.json');
      assert.ok(!`${error.stack}${String(error.cause)}`.includes(SECRET.slice(0, 8)));
      return true;
    },
  );
});

test('any text is a configuration or refused by one of our errors', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      try {
        parseConfig(text, '/c.json');
      } catch (error) {
        assert.ok(error instanceof MailslotError, String(error));
      }
    }),
  );
});

function bytes(): Uint8Array {
  return new TextEncoder().encode('0123456789abcdef0123456789abcdef');
}

test('the port of one computer is another one than the group’s', () => {
  for (const lan of ['{ "unicastPort": 48783 }', '{ "port": 48800 }', '{ "port": 9, "unicastPort": 9 }']) {
    assert.throws(() => parseConfig(`{ "domains": [{ "name": "A", "lan": ${lan} }] }`, 'config.json'), {
      code: 'ERR_MAILSLOT_UNUSABLE_CONFIG',
      message: /another port than/,
    });
  }
});
