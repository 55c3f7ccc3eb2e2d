import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatName, parseName } from './slot-name.js';

const keyOf = (text: string): string => parseName(text).key;

/** A component as people write it, and as nobody would: anything but a separator, a NUL and half a surrogate pair. */
const component = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...'aAbB.*: -ßéÉſı'), minLength: 1, maxLength: 6 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
  )
  .filter((text) => !/[\\/\0]/.test(text) && text !== '.' && text !== '..');
const path = fc.array(component, { minLength: 1, maxLength: 4 });
const host = fc.oneof(
  fc.constant(undefined),
  fc.constant('*'),
  component.filter((text) => text.length <= 255),
);

/** Every way to write one name: both slashes at each place, both cases of `mailslot`, with and without `//./`. */
function spellings(slashes: string, computer: string | undefined, components: readonly string[]): string[] {
  let turn = 0;
  const slash = (): string => slashes[turn++ % slashes.length] as string;
  const joined = components.reduce((left, right) => left + slash() + right);
  const full = (word: string, at: string): string => `${slash()}${slash()}${at}${slash()}${word}${slash()}`;
  if (computer !== undefined) return ['mailslot', 'MAILSLOT'].map((word) => full(word, computer) + joined);
  return [joined, full('mailslot', '.') + joined, full('MailSlot', '.') + joined];
}

test('a name without a computer is local, with or without the prefix of Windows', () => {
  for (const text of [
    'app/events',
    'app\\events',
    '//./mailslot/app/events',
    '\\\\.\\mailslot\\app\\events',
  ]) {
    assert.deepEqual(parseName(text), { host: undefined, path: 'app/events', key: 'APP/EVENTS' });
  }
});

test('a name with a computer keeps its spelling', () => {
  assert.deepEqual(parseName('\\\\Desk-7\\Mailslot\\app\\Events'), {
    host: 'Desk-7',
    path: 'app/Events',
    key: '//DESK-7/MAILSLOT/APP/EVENTS',
  });
});

test('a star is the own domain, and only as the computer', () => {
  assert.equal(parseName('//*/mailslot/a').host, '*');
  assert.deepEqual(parseName('*'), { host: undefined, path: '*', key: '*' });
});

test('characters that mean something elsewhere are ordinary', () => {
  for (const name of [
    'a:b',
    '*',
    'a*',
    ' ',
    'a b',
    '...',
    '.a',
    'a.',
    '-',
    '~',
    '%00',
    '<>|"?',
    '\n',
    '\u202e',
  ]) {
    assert.equal(parseName(name).path, name);
    assert.equal(parseName(`//./mailslot/${name}`).path, name);
  }
});

test('the word mailslot is a component like any other where it is not asked for', () => {
  assert.equal(parseName('mailslot/a').path, 'mailslot/a');
  assert.equal(parseName('//./mailslot/mailslot').path, 'mailslot');
  assert.notEqual(keyOf('mailslot/a'), keyOf('a'));
});

test('formatting a name and parsing it again is the identity', () => {
  fc.assert(
    fc.property(host, path, (computer, components) => {
      const name = { host: computer === '.' ? undefined : computer, path: components.join('/') };
      const parsed = parseName(formatName({ ...name, key: '' }));
      assert.deepEqual({ host: parsed.host, path: parsed.path }, name);
      assert.deepEqual(parseName(formatName(parsed)), parsed);
    }),
  );
});

test('all spellings of one name are equal', () => {
  const slashes = fc.string({ unit: fc.constantFrom('/', '\\'), minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(slashes, host, path, (marks, computer, components) => {
      const ways = spellings(marks, computer, components);
      const key = keyOf(ways[0] as string);
      for (const way of ways) assert.equal(keyOf(way), key, way);
    }),
  );
});

test('case does not matter, unit by unit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...'abcxyzäöéσдβÿ'), fc.boolean()), { minLength: 1 }),
      (units) => {
        const text = units.map(([unit]) => unit).join('');
        const mixed = units.map(([unit, isUpper]) => (isUpper ? unit.toUpperCase() : unit)).join('');
        assert.equal(keyOf(mixed), keyOf(text));
        assert.equal(keyOf(`//${mixed}/mailslot/a`), keyOf(`//${text}/MAILSLOT/A`));
      },
    ),
  );
});

test('equality holds between names that differ in slashes and ASCII case, and between no others', () => {
  const ascii = fc
    .string({ unit: fc.constantFrom(...'aAbB/\\.*'), minLength: 1, maxLength: 5 })
    .filter((text) => isName(text));
  const canonical = (text: string): string => text.replaceAll('\\', '/').toLowerCase();
  fc.assert(
    fc.property(ascii, ascii, (one, other) => {
      assert.equal(keyOf(one) === keyOf(other), canonical(one) === canonical(other));
      assert.notEqual(keyOf(`//${one[0] === '.' ? 'h' : 'g'}/mailslot/x`), keyOf(one));
    }),
    { numRuns: 500 },
  );
});

test('a name of another computer never equals a local one, nor that of a third', () => {
  const keys = [
    'a',
    '//h/mailslot/a',
    '//*/mailslot/a',
    '//h/mailslot/h/a',
    '//hh/mailslot/a',
    'h/mailslot/a',
  ];
  assert.equal(new Set(keys.map(keyOf)).size, keys.length);
});

test('what looks like a name but is composed otherwise is another name', () => {
  // Windows compares UTF-16 units; a composed and a decomposed letter are not the same.
  assert.notEqual(keyOf('\u00e9'), keyOf('e\u0301'));
  assert.notEqual(keyOf('strasse'), keyOf('straße'));
  assert.notEqual(keyOf('a'), keyOf('a '));
});

test('a surrogate pair is a character like any other', () => {
  for (const pair of ['\u{1f600}', '\u{10000}', '\u{103ff}', '\u{10fc00}', '\u{10ffff}']) {
    assert.equal(parseName(`a/${pair}/b`).path, `a/${pair}/b`);
  }
  // Beyond the first plane case is not folded, as on Windows.
  assert.notEqual(keyOf('\u{10428}'), keyOf('\u{10400}'));
});

test('long names are names', () => {
  const long = 'x'.repeat(30_000);
  assert.equal(parseName(long).path, long);
  assert.equal(keyOf(`\\\\.\\mailslot\\${long}`), long.toUpperCase());
  const deep = `${'é/'.repeat(14_999)}é`;
  assert.equal(parseName(deep).path, deep);
  assert.equal(keyOf(deep), deep.toUpperCase());
});

test('a path of 32,749 units is taken in every spelling, the longest that Windows can say', () => {
  const longest = 'y'.repeat(32_749);
  assert.equal(parseName(longest).path.length, 32_749);
  assert.equal(parseName(`//./mailslot/${longest}`).path, longest);
  assert.equal(parseName(`//${'h'.repeat(255)}/mailslot/${longest}`).path, longest);
});

function isName(text: string): boolean {
  try {
    parseName(text);
    return true;
  } catch {
    return false;
  }
}
