import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from './exit.js';
import { formatSize, parseSize } from './size.js';

test('sizes with their units; a plain number counts bytes', () => {
  const cases: Readonly<Record<string, number>> = {
    '0': 0,
    '512': 512,
    '64k': 65_536,
    '4m': 4_194_304,
    '1g': 1_073_741_824,
    '2K': 2048,
  };
  for (const [text, bytes] of Object.entries(cases)) assert.equal(parseSize(text), bytes, text);
});

test('what is no size is refused', () => {
  for (const text of ['', 'k', '-1', '1.5k', '1kb', '1 k', '1e3', '99999999999g', 'NaN']) {
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

test('what is shown is within 5 % of the truth', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 40), (bytes) => {
      const [, number, unit = ''] = /^([\d.]+)([kmg]?)$/.exec(formatSize(bytes)) ?? [];
      const shown = Number(number) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit);
      assert.ok(Math.abs(shown - bytes) <= bytes * 0.05, `${bytes} as ${formatSize(bytes)}`);
    }),
  );
});
