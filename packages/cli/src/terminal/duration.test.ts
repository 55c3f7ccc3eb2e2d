import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.js';
import { UsageError } from './exit.js';

test('durations with their units; a plain number counts seconds', () => {
  const cases: Readonly<Record<string, number>> = {
    '500ms': 500,
    '5s': 5000,
    '2m': 120_000,
    '1h': 3_600_000,
    '5': 5000,
    '0.5': 500,
    '1.5s': 1500,
    '0': 0,
    '576h': 2_073_600_000,
    '2d': 172_800_000,
    '1.5d': 129_600_000,
  };
  for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms, text);
});

test('what is no duration is refused, and so is one that no timer can wait for', () => {
  for (const text of [
    '',
    ' ',
    's',
    '5 s',
    '-5',
    '1e3',
    '5S',
    '25d',
    '.5',
    '5.',
    '0x10',
    'Infinity',
    '600h',
  ]) {
    assert.throws(() => parseDuration(text), UsageError, text);
  }
});

test('what is shown can be read again', () => {
  assert.equal(formatDuration(Number.POSITIVE_INFINITY), 'forever');
  assert.equal(formatDuration(0), '0ms');
  assert.equal(formatDuration(90_000), '90s');
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), (ms) => {
      assert.equal(parseDuration(formatDuration(ms)), ms);
    }),
  );
});
