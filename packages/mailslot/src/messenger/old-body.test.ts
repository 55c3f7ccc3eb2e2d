import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CodePage, decodeOld, encodeOld } from './old-body.js';

const PAGES: readonly CodePage[] = ['ibm437', 'ibm850', 'windows-1252'];
const wrong = { code: 'ERR_MAILSLOT_MALFORMED' };

test('each byte of each code page is a character of its own, and comes back', () => {
  for (const page of PAGES) {
    const bytes = Buffer.from(Array.from({ length: 255 }, (_, at) => at + 1).filter((byte) => byte !== 0x0d));
    const body = Buffer.concat([Buffer.from('A\0B\0'), bytes, Buffer.of(0)]);
    const { text } = decodeOld(body, page);
    assert.equal(text.length, 254);
    // Of the line breaks one is left.
    assert.equal(new Set(text).size, 253);
    const expected = Buffer.from(body.map((byte) => (byte === 0x0a ? 0x14 : byte)));
    assert.deepEqual(encodeOld({ from: 'A', to: 'B', text }, page), expected);
  }
});

test('the code pages are those of Windows and DOS', () => {
  const read = (page: CodePage): string =>
    decodeOld(Buffer.from([0x41, 0, 0x42, 0, 0x81, 0x9b, 0xe1, 0x80]), page).text;
  assert.deepEqual(PAGES.map(read), ['ü¢ßÇ', 'üøßÇ', '\u0081›á€']);
});

test('what was said comes back, with line breaks of one kind', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', 'ä', 'ß', '{', '"'), minLength: 1 });
  const text = fc.array(part, { minLength: 1 });
  fc.assert(
    fc.property(part, part, text, fc.constantFrom('\n', '\r', '\r\n'), (from, to, lines, breaks) => {
      const bytes = encodeOld({ from, to, text: lines.join(breaks) }, 'ibm850');
      const expected = { from, to, text: lines.join('\n') };
      assert.deepEqual(decodeOld(bytes, 'ibm850'), expected);
      assert.deepEqual(decodeOld(bytes.subarray(0, -1), 'ibm850'), expected);
      assert.deepEqual(decodeOld(Buffer.concat([bytes, Buffer.from('rest')]), 'ibm850'), expected);
    }),
  );
});

test('what a code page lacks is a question mark', () => {
  assert.equal(encodeOld({ from: 'A', to: 'B', text: '漢😀ł' }, 'ibm437').toString('latin1'), 'A\0B\0???\0');
});

test('what has no three parts is malformed, and is not written', () => {
  for (const bytes of ['', '\0', 'a', 'a\0', 'a\0b', 'a\0b\0', '\0b\0c', 'a\0\0c', 'a\0b\0\0']) {
    assert.throws(() => decodeOld(Buffer.from(bytes), 'ibm850'), wrong, bytes);
  }
  const refused = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };
  assert.throws(() => encodeOld({ from: '', to: 'B', text: 'x' }, 'ibm850'), refused);
  assert.throws(() => encodeOld({ from: 'A', to: 'B', text: 'x\0y' }, 'ibm850'), refused);
});
