import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upperCase } from './upper-case.js';

const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));

const list = (texts: readonly string[]): string =>
  texts.map((text) => `U+${text.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`).join(' ');

/** JavaScript's own mapping, where it is one unit to one unit. */
const simple = units.filter((unit) => unit.toUpperCase().length === 1);

/** Left alone although JavaScript maps them. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'they would map into ASCII': ['\u0131', '\u017f'],
  'they got their upper case in Unicode 16': ['\u019b', '\u0264', '\u1c8a', '\ua7cd', '\ua7db'],
  'they got their upper case in Unicode 17': ['\ua7cf', '\ua7d3', '\ua7d5'],
};

test('every unit maps to one unit, and what is upper case stays', () => {
  const wrong = units.filter((unit) => upperCase(unit).length !== 1);
  assert.equal(list(wrong), '');
  const moved = units.filter((unit) => upperCase(upperCase(unit)) !== upperCase(unit));
  assert.equal(list(moved), '');
});

test('where the table maps a unit, JavaScript maps it to the same', () => {
  const wrong = simple.filter((unit) => upperCase(unit) !== unit && upperCase(unit) !== unit.toUpperCase());
  assert.equal(list(wrong), '');
});

test('where JavaScript maps a unit to several, the table maps it to one whose lower case it is, or to itself', () => {
  const several = units.filter((unit) => unit.toUpperCase().length > 1);
  const wrong = several.filter((unit) => upperCase(unit) !== unit && upperCase(unit).toLowerCase() !== unit);
  assert.equal(list(wrong), '');
  assert.equal(upperCase('ß'), 'ß');
  assert.equal(upperCase('\u1f80'), '\u1f88');
});

const unicode = Number(process.versions['unicode']);
const isNewer = unicode > 17 && `the exceptions are known up to Unicode 17, this Node has ${unicode}`;

test('the exceptions are these and no others', { skip: isNewer }, () => {
  const left = simple.filter((unit) => upperCase(unit) !== unit.toUpperCase());
  const known = Object.values(exceptions).flat();
  // An older Node knows fewer of them.
  assert.equal(list(left), list(known.filter((unit) => unit.toUpperCase() !== unit).sort()));
});

test('nothing outside ASCII maps into ASCII, and nothing out of it', () => {
  const wrong = units.filter((unit) => unit.charCodeAt(0) < 0x80 !== upperCase(unit).charCodeAt(0) < 0x80);
  assert.equal(list(wrong), '');
  // The Kelvin sign looks like a K and is none.
  assert.notEqual(upperCase('\u212a'), 'K');
});

test('ASCII is mapped as everybody expects, beside other characters too', () => {
  const ascii = String.fromCharCode(...Array.from({ length: 0x80 }, (_, unit) => unit));
  assert.equal(upperCase(ascii), ascii.toUpperCase());
  assert.equal(upperCase(`${ascii}é`), `${ascii.toUpperCase()}É`);
});

test('no locale, no context: i is I, and every sigma is one', () => {
  assert.equal(upperCase('iıİ'), 'Iıİ');
  assert.equal(upperCase('σς'), 'ΣΣ');
  assert.equal(upperCase('ὈΔΥΣΣΕΎΣ'), 'ὈΔΥΣΣΕΎΣ');
});

test('a text maps as its units do, one after the other', () => {
  const text = units.join('');
  const upper = upperCase(text);
  assert.equal(upper.length, text.length);
  for (let at = 0; at < text.length; at += 251) assert.equal(upper[at], upperCase(text[at] as string));
});

test('surrogates stay as they are', () => {
  assert.equal(upperCase('\u{10428}'), '\u{10428}');
  assert.equal(upperCase('\ud801'), '\ud801');
});
