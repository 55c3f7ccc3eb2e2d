import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../../errors.js';
import { encodeLine, errorLine, LineParser, PrefaceParser } from './preface.js';

test('a line is read wherever the stream is cut, and what follows it is kept', () => {
  const value = fc.record({ do: fc.string({ unit: 'grapheme' }), n: fc.integer() });
  fc.assert(
    fc.property(value, fc.uint8Array({ maxLength: 20 }), fc.array(fc.nat(60)), (object, behind, cuts) => {
      const stream = Buffer.concat([Buffer.from(encodeLine(object)), behind]);
      const lines = new LineParser();
      let found: unknown;
      let at = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), stream.length]) {
        const end = Math.max(at, Math.min(cut, stream.length));
        found ??= lines.take(stream.subarray(at, end));
        at = end;
        if (found) break;
      }
      assert.deepEqual(found, { ...object });
      assert.deepEqual(Buffer.concat([lines.rest, stream.subarray(at)]), Buffer.from(behind));
    }),
  );
});

for (const [what, bytes] of [
  ['no JSON', 'hello\n'],
  ['no object', '"text"\n'],
  ['nothing', 'null\n'],
  ['a line without an end', 'x'.repeat(200_000)],
  ['a line that is too long', `${' '.repeat(200_000)}\n`],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(() => new LineParser().take(Buffer.from(bytes)), { code: 'ERR_MAILSLOT_MALFORMED' });
  });
}

test('an error comes through with its code and its text', () => {
  const error = new MailslotError('ERR_MAILSLOT_BAD_NETPATH', 'no computer X');
  assert.throws(() => new PrefaceParser().take(Buffer.from(errorLine(error))), {
    code: 'ERR_MAILSLOT_BAD_NETPATH',
    message: 'no computer X',
  });
});

test('the next step comes through apart, and in the message once', () => {
  const error = new MailslotError('ERR_MAILSLOT_IO', 'it failed', { remedy: 'try again' });
  assert.throws(() => new PrefaceParser().take(Buffer.from(errorLine(error))), {
    message: 'it failed; try again',
    remedy: 'try again',
  });
  const odd = '{"error":{"code":"ERR_MAILSLOT_IO","message":"m","remedy":5}}\n';
  assert.throws(() => new PrefaceParser().take(Buffer.from(odd)), { message: 'm', remedy: undefined });
});

test('an error of a code that is not known is an error all the same', () => {
  for (const line of [
    '{"error":{"code":"ERR_MAILSLOT_NEW","message":"m"}}\n',
    '{"error":true}\n',
    '{"error":{}}\n',
  ]) {
    assert.throws(() => new PrefaceParser().take(Buffer.from(line)), { code: 'ERR_MAILSLOT_IO' });
  }
});

test('behind the answer everything passes as it is', () => {
  const preface = new PrefaceParser();
  assert.equal(preface.take(Buffer.from('{"ok"')), undefined);
  assert.equal(preface.take(Buffer.from(':true}\nMSFS'))?.toString(), 'MSFS');
  assert.equal(preface.take(Buffer.from('{"error":{}}\n'))?.toString(), '{"error":{}}\n');
});
