import assert from 'node:assert/strict';
import { formatName, parseName } from '../../../packages/mailslot/dist/name/slot-name.js';
import type { Dice } from './dice.js';
import { decoded, type Target } from './target.js';

/** Pieces that names are made of, and that spoil them. */
const PIECES = [
  ...[
    'a',
    'Z',
    'ß',
    'ı',
    'ſ',
    'σ',
    'ς',
    'µ',
    ' ',
    ':',
    '*',
    '%',
    '\u{1f600}',
    '\uffff',
    '\u0000',
    '\n',
    '\u001b[2J',
  ],
  ...[
    '.',
    '..',
    '/',
    '\\',
    '//',
    '\\\\',
    '//./mailslot/',
    '\\\\.\\MailSlot\\',
    '//*/mailslot/',
    '//host/mailslot/',
  ],
  ...['\ud800', '\udc00', '\udbff\udfff', 'mailslot', '/mailslot'],
];

/** Any string of UTF-16 units; the bytes of the input are its units. */
export const names: Target = {
  name: 'names',
  share: 3,
  make(dice) {
    const kind = dice(20);
    const length = kind === 0 ? 40_000 : dice(40);
    const text =
      kind < 3
        ? unitsOf(dice, length)
        : Array.from({ length: dice(12) }, () => PIECES[dice(PIECES.length)]).join('');
    return Buffer.from(text, 'utf16le');
  },
  check(input) {
    const text = input.toString('utf16le');
    const name = decoded(() => parseName(text));
    if (!name) return;
    assert.deepEqual(parseName(formatName(name)), name);
    assert.equal(Buffer.from(name.path).toString(), name.path, 'ill-formed UTF-16 was let through');
    assert.ok(name.path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'));
  },
};

function unitsOf(dice: Dice, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(dice(2) === 0 ? dice(128) : dice(0x1_0000))).join(
    '',
  );
}
