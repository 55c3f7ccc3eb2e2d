import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_NOTE_BYTES, MAX_NOTE_TEXT } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import { type Body, decodeBody, encodeBody } from './body.js';
import { nameOrNothing } from './name.js';

const wrong = { code: 'ERR_MAILSLOT_MALFORMED' };

const id = fc.stringMatching(/^[0-9a-f]{16}$/);
const name = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 64 })
  .map(upperCase)
  .filter((text) => nameOrNothing(text) === text);
const time = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) - 1 });
const reply = fc.oneof(
  name.map((each) => `messngr/${each}`),
  id.map((each) => `messngr/reply/${each}`),
);
const option = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(fields, { noNullPrototype: true });
const message = record({
  ...{ kind: fc.constant('message' as const), id, from: name, time },
  ...{ to: fc.oneof(name, fc.constant('*')), text: fc.string({ unit: 'binary', minLength: 1 }) },
  level: fc.constantFrom('info' as const, 'warning' as const, 'alert' as const),
  ttl: option(fc.integer({ min: 1, max: 31_536_000 })),
  thread: option(id),
  wants: option(fc.constantFrom('delivered' as const, 'read' as const)),
  reply: option(reply),
});
const receipt = record({
  kind: fc.constantFrom('delivered' as const, 'read' as const),
  ...{ from: name, time, of: id },
});
const who = record({ kind: fc.constant('who' as const), id, from: name, time, name, reply });
const mine = record({ kind: fc.constant('mine' as const), from: name, time, of: id, name });
const body: fc.Arbitrary<Body> = fc.oneof(message, receipt, who, mine);

test('what is said is understood', () => {
  fc.assert(
    fc.property(body, (said) => {
      assert.deepEqual(decodeBody(encodeBody(said)), said);
    }),
  );
});

test('what is cut short is malformed, and so is what is not UTF-8', () => {
  fc.assert(
    fc.property(body, fc.nat(), (said, cut) => {
      const bytes = encodeBody(said);
      assert.throws(() => decodeBody(bytes.subarray(0, cut % bytes.length)), wrong);
      const at = bytes.indexOf('"from":"') + 8;
      bytes[at] = 0xff;
      assert.throws(() => decodeBody(bytes), wrong);
    }),
  );
});

test('unknown fields are passed over, unknown kinds and versions too', () => {
  fc.assert(
    fc.property(body, fc.jsonValue(), (said, value) => {
      const fields = JSON.parse(encodeBody(said).toString());
      assert.deepEqual(decodeBody(bytesOf({ ...fields, later: value })), said);
      assert.equal(decodeBody(bytesOf({ ...fields, v: 2 })), undefined);
      assert.equal(decodeBody(bytesOf({ ...fields, kind: 'later' })), undefined);
    }),
  );
});

test('each field is checked', () => {
  const right = {
    ...{
      v: 1,
      kind: 'message',
      id: '00112233445566aa',
      from: 'A',
      time: 1_767_225_600_000,
      to: 'B',
      text: 'x',
    },
  };
  assert.equal(decodeBody(bytesOf(right))?.kind, 'message');
  const spoils: Record<string, readonly unknown[]> = {
    id: [undefined, 1, '', '00112233445566AA', '00112233445566aaa'],
    from: [undefined, null, '', '*', '.', 'a/b', 'a\\b', 'a\0', ' a', 'x'.repeat(65), '\u202e', '\ud800'],
    time: [undefined, '1', 0, 1.5, Date.UTC(2100, 0, 1), -1],
    to: [undefined, '', 'a\nb', ['*']],
    text: [undefined, '', 1, 'x'.repeat(MAX_NOTE_TEXT + 1), 'ä'.repeat(MAX_NOTE_TEXT / 2 + 1)],
    level: [null, 'INFO', 1],
    ttl: [0, -1, 1.5, '1', 31_536_001],
    thread: ['', 'x'],
    wants: ['both', true],
    reply: [
      '',
      'app/events',
      'messngr/*',
      'messngr/a/b',
      'messngr/reply/x',
      'messngr/..',
      '//X/mailslot/messngr/A',
    ],
  };
  for (const [field, values] of Object.entries(spoils)) {
    for (const value of values) {
      assert.throws(() => decodeBody(bytesOf({ ...right, [field]: value })), wrong, `${field} ${value}`);
    }
  }
});

test('names are upper case, and what UTF-8 cannot say is replaced', () => {
  const fields = { v: 1, kind: 'message', id: '00112233445566aa', from: 'zoë', time: 1_767_225_600_000 };
  const decoded = decodeBody(Buffer.from(JSON.stringify({ ...fields, to: 'bob', text: 'a\ud800b' })));
  assert.ok(decoded?.kind === 'message');
  assert.deepEqual([decoded.from, decoded.to, decoded.text], ['ZOË', 'BOB', 'a\ufffdb']);
});

test('a body that is too long is refused on both sides', () => {
  const said = fc.sample(message, 1)[0]!;
  assert.throws(() => encodeBody({ ...said, text: '\n'.repeat(MAX_NOTE_TEXT) }), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    limit: MAX_NOTE_BYTES,
  });
  const long = Buffer.concat([Buffer.from('{'), Buffer.alloc(MAX_NOTE_BYTES, ' '), Buffer.from('}')]);
  assert.throws(() => decodeBody(long), wrong);
  assert.throws(() => decodeBody(Buffer.from(`{"a":${'['.repeat(60_000)}`)), wrong);
});

function bytesOf(fields: object): Buffer {
  return Buffer.from(JSON.stringify(fields));
}
