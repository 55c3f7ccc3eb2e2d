import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeSentence, escapeText, jsonLine } from './escape.js';
import { escapeBytes } from './escape-bytes.js';

/** Characters that a terminal would obey or hide, written down apart from the code under test. */
const dangerous = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  ...[
    0x061c, 0x200b, 0x200c, 0x200e, 0x200f, 0x2028, 0x2029, 0x2060, 0xfeff, 0xe0001, 0x034f, 0x115f, 0x3164,
  ],
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
];

test('text that is harmless stays as it is', () => {
  const emoji = '❤\ufe0f 👩\u200d🚀 👩🏽\u200d🚀 ❤\ufe0f\u200d🔥';
  for (const text of ['', 'plain text', emoji, 'Grüße, Ωμέγα, 日本語, 👍🏽', '~!"#$%&\'()*+,-./']) {
    assert.equal(escapeText(text), text);
    assert.equal(escapeBytes(Buffer.from(text)), text);
  }
});

test('what a terminal would obey is shown', () => {
  const cases: Readonly<Record<string, string>> = {
    '\x1b[31mred\x1b[0m': '\\x1b[31mred\\x1b[0m',
    'two\nlines\r\n': 'two\\nlines\\r\\n',
    '\ta\\b\x00\x7f': '\\ta\\\\b\\x00\\x7f',
    '\u009b31m': '\\u009b31m',
    'user\u202etxt.exe': 'user\\u202etxt.exe',
    'a\u200bb\ufeff': 'a\\u200bb\\ufeff',
    '\u{e0041}': '\\u{e0041}',
    'a\ufe0f\u200db': 'a\\ufe0f\\u200db',
    '🚀\u200d🚀\u200d': '🚀\u200d🚀\\u200d',
    '\u3164\u115f\u034f\u180b\u{e0100}': '\\u3164\\u115f\\u034f\\u180b\\u{e0100}',
    '\ud800!': '\\ud800!',
  };
  for (const [text, shown] of Object.entries(cases)) assert.equal(escapeText(text), shown);
});

test('bytes that are not UTF-8 are shown one by one', () => {
  const cases: readonly [number[], string][] = [
    [[0xff, 0x41, 0xfe], '\\xffA\\xfe'],
    [[0xc3, 0xa9, 0xc3], 'é\\xc3'],
    [[0xc0, 0xaf], '\\xc0\\xaf'],
    [[0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    [[0xf4, 0x90, 0x80, 0x80], '\\xf4\\x90\\x80\\x80'],
    [[0xe2, 0x82, 0x1b], '\\xe2\\x82\\x1b'],
    [[0xff, 0xf0, 0x9f, 0x91, 0x8d], '\\xff👍'],
  ];
  for (const [bytes, shown] of cases) assert.equal(escapeBytes(Buffer.from(bytes)), shown);
});

test('whatever comes is one safe line from which it can be had back', () => {
  const pieces = fc.oneof(
    fc.uint8Array(),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.constantFrom(...dangerous).map((code) => Buffer.from(String.fromCodePoint(code))),
    fc.constantFrom('\\', '\\x1b', '\\n', '\x1b]0;', 'é').map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(pieces), (list) => {
      const bytes = Buffer.concat(list);
      const line = escapeBytes(bytes);
      assertSafe(line);
      assert.deepEqual(originalOf(line), bytes);
    }),
    { numRuns: 500 },
  );
});

test('a sentence keeps its backslashes', () => {
  assert.equal(escapeSentence('\\\\.\\mailslot\\a\x1b'), '\\\\.\\mailslot\\a\\x1b');
});

test('JSON is one safe line and means the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...dangerous), (text, code) => {
      const value = { text: text + String.fromCodePoint(code) };
      const line = jsonLine(value);
      assert.ok(line.endsWith('\n'));
      assertSafe(line.slice(0, -1));
      assert.deepEqual(JSON.parse(line), value);
    }),
  );
});

function assertSafe(line: string): void {
  for (const character of line) {
    assert.ok(!dangerous.includes(character.codePointAt(0) as number), `${JSON.stringify(line)} is not safe`);
  }
}

/** The inverse, as a reader of the docs would write it. */
function originalOf(line: string): Buffer {
  const short: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
  const pattern = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\}|([nrt\\]))|[^\\]+/g;
  return Buffer.concat(
    Array.from(line.matchAll(pattern), ([all, byte, unit, code, letter]) => {
      if (byte !== undefined) return Buffer.from([Number.parseInt(byte, 16)]);
      const hex = unit ?? code;
      if (hex !== undefined) return Buffer.from(String.fromCodePoint(Number.parseInt(hex, 16)));
      return Buffer.from(letter === undefined ? all : (short[letter] as string));
    }),
  );
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
