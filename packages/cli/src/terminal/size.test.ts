import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from './exit.js';
import { formatSize, parseSize, sizeInWords } from './size.js';

test('sizes with their units; a plain number counts bytes', () => {
  const cases: Readonly<Record<string, number>> = {
    '0': 0,
    '512': 512,
    '64k': 65_536,
    '4m': 4_194_304,
    '1g': 1_073_741_824,
    '2K': 2048,
    '1kb': 1024,
    '4MB': 4_194_304,
    '4 MiB': 4_194_304,
    '4GiB': 4_294_967_296,
    '12b': 12,
  };
  for (const [text, bytes] of Object.entries(cases)) assert.equal(parseSize(text), bytes, text);
});

test('what is no size is refused', () => {
  for (const text of ['', 'k', '-1', '1.5k', '1kbit', '1  k', '1ki', '4 MBs', '1e3', '99999999999g', 'NaN']) {
    assert.throws(() => parseSize(text), UsageError, text);
  }
});

test('sizes are shown short', () => {
  const cases: readonly [number, string][] = [
    [0, '0'],
    [1023, '1023'],
    [1024, '1k'],
    [1536, '1.5k'],
    [1_048_575, '1m'],
    [67_108_864, '64m'],
    [2 ** 40, '1024g'],
  ];
  for (const [bytes, text] of cases) assert.equal(formatSize(bytes), text);
});

test('limits are told as people say them', () => {
  const cases: readonly [number, string][] = [
    [0, '0 bytes'],
    [60_000, '60,000 bytes'],
    [61_440, '60 KiB'],
    [4_194_304, '4 MiB'],
    [2 ** 31, '2 GiB'],
  ];
  for (const [bytes, text] of cases) assert.equal(sizeInWords(bytes), text);
});

test('what is shown is within 5 % of the truth', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 40), (bytes) => {
      const [, number, unit = ''] = /^([\d.]+)([kmg]?)$/.exec(formatSize(bytes)) ?? [];
      const shown = Number(number) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit);
      assert.ok(Math.abs(shown - bytes) <= bytes * 0.05, `${bytes} as ${formatSize(bytes)}`);
    }),
  );
});
