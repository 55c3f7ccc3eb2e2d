import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, harmless, harmlessLine, hueOf, initials, upperName } from './text.js';

test('what nobody sees is shown, and what scripts need stays', () => {
  assert.equal(harmless('plain\n\ttext <b>'), 'plain\n\ttext <b>');
  assert.equal(harmless('\0\u001b\u007f\u0085'), '␀␛␡⟨0085⟩');
  assert.equal(
    harmless('\u202e\u2066\u200b\ufeff\u{e0041}\ud800!'),
    '⟨202E⟩⟨2066⟩⟨200B⟩⟨FEFF⟩⟨E0041⟩⟨D800⟩!',
  );
  assert.equal(harmless('a\r\nb\rc\u2028d'), 'a\nb␍c\nd');
  for (const text of ['👨‍👩‍👧', 'می‌خواهم', 'co\u00adoperate', '\u200fא', '🏳️‍🌈'])
    assert.equal(harmless(text), text);
  assert.equal(harmlessLine('a\nb\t c'), 'a b  c');
});

test('initials are those of two words at most, and never nothing', () => {
  const cases = {
    ANNA: 'A',
    'NIGHT SHIFT': 'NS',
    'anna-bell-c': 'AB',
    PC7: 'P',
    '': '?',
    '<>': '?',
    '𝒳 y': '𝒳Y',
  };
  for (const [name, letters] of Object.entries(cases)) assert.equal(initials(name), letters, name);
});

test('a hue is the same for all spellings, and a step of 24', () => {
  assert.equal(hueOf('anna'), hueOf('ANNA'));
  for (const name of ['', 'BOB', 'x'.repeat(1000), '👩'])
    assert.ok(hueOf(name) % 15 === 0 && hueOf(name) < 360, name);
});

test('upper case is one character for one', () => {
  assert.equal(upperName('anna straße'), 'ANNA STRAßE');
});

test('counting has a plural', () => {
  assert.deepEqual(
    [counted(1, 'computer'), counted(1200, 'computer'), counted(2, 'person', 'people')],
    ['1 computer', '1,200 computers', '2 people'],
  );
});
