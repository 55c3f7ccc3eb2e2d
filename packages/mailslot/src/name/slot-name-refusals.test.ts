import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../errors.js';
import { parseName } from './slot-name.js';

/** The error for `text`, which must be refused. */
function refusal(text: string): MailslotError {
  try {
    parseName(text);
  } catch (error) {
    assert.ok(error instanceof MailslotError, String(error));
    return error;
  }
  assert.fail(`${JSON.stringify(text)} was taken`);
}

function positionOf(text: string): number {
  const found = /\(position (\d+)\)/.exec(refusal(text).message);
  assert.ok(found, refusal(text).message);
  return Number(found[1]);
}

const max = 'm'.repeat(32_749);

/** Each with where the offence is, and what the error calls it. */
const refused: readonly (readonly [text: string, position: number, reason: RegExp])[] = [
  ['', 0, /empty/],
  ['/', 0, /component is empty/],
  ['\\', 0, /component is empty/],
  ['/a', 0, /component is empty/],
  ['a/', 2, /component is empty/],
  ['a\\', 2, /component is empty/],
  ['a//b', 2, /component is empty/],
  ['a/\\b', 2, /component is empty/],
  ['a/b/c//', 6, /component is empty/],
  ['//./mailslot/', 13, /component is empty/],
  ['//./mailslot', 12, /component is empty/],
  ['//./mailslot//a', 13, /component is empty/],
  ['//./mailslot/a//b', 15, /component is empty/],
  ['.', 0, /"\." is no component/],
  ['..', 0, /"\.\." is no component/],
  ['a/.', 2, /"\." is no component/],
  ['a/../b', 2, /"\.\." is no component/],
  ['\\\\.\\mailslot\\a\\..', 15, /"\.\." is no component/],
  ['//', 2, /computer is missing/],
  ['///', 2, /computer is missing/],
  ['///mailslot/a', 2, /computer is missing/],
  ['//../mailslot/a', 2, /"\.\." is no computer/],
  ['//.', 3, /after the computer comes "mailslot"/],
  ['//./', 4, /after the computer comes "mailslot"/],
  ['//./a', 4, /after the computer comes "mailslot"/],
  ['//./mailslots/a', 4, /after the computer comes "mailslot"/],
  ['//.//mailslot/a', 4, /after the computer comes "mailslot"/],
  ['\\\\host\\pipe\\a', 7, /after the computer comes "mailslot"/],
  ['//BRAVO/alerts', 8, /write "\/\/BRAVO\/mailslot\/alerts"$/],
  ['//host', 6, /after the computer comes "mailslot"/],
  ['//./mail\u017flot/a', 4, /after the computer comes "mailslot"/],
  ['a\0', 1, /NUL/],
  ['\0', 0, /NUL/],
  ['a/b\0c/d', 3, /NUL/],
  ['//h\0st/mailslot/a', 3, /NUL/],
  ['//./mailslot/a\0', 14, /NUL/],
  ['\ud800', 0, /surrogate/],
  ['a\udc00', 1, /surrogate/],
  ['a/\ud83d/\ude00', 2, /surrogate/],
  ['\ud83d\ude00\ude00', 2, /surrogate/],
  ['a\ud83d\ud83d\ude00', 1, /surrogate/],
  ['//\udfff/mailslot/a', 2, /surrogate/],
  ['//./mailslot/ab\ud801', 15, /surrogate/],
  [`${max}m`, 32_749, /longer than 32749/],
  [`//./mailslot/${max}m`, 13 + 32_749, /longer than 32749/],
  [`//h/mailslot/${max}/m`, 13 + 32_749, /longer than 32749/],
  [`//${'h'.repeat(256)}/mailslot/a`, 2 + 255, /at most 255/],
];

for (const [text, position, reason] of refused) {
  const shown = text.length > 60 ? `${text.slice(0, 20)}… of ${text.length} units` : text;
  test(`${JSON.stringify(shown)} is refused at position ${position}`, () => {
    const error = refusal(text);
    assert.equal(error.code, 'ERR_MAILSLOT_INVALID_NAME');
    assert.equal(error.win32Number, 123);
    assert.match(error.message, reason);
    assert.equal(positionOf(text), position);
  });
}

test('what stands before the position could have become a name', () => {
  const endings = ['', 'x', '/x', 'h/mailslot/x', 'mailslot/x', '/mailslot/x', '/mailslot'];
  for (const [text] of refused) {
    const before = text.slice(0, positionOf(text));
    assert.ok(
      endings.some((ending) => isTaken(before + ending)),
      `${JSON.stringify(before.slice(0, 40))} was wrong already`,
    );
  }
});

test('a refused name is shown, however it is spelled', () => {
  for (const [text] of refused.filter(([each]) => each.length < 60)) {
    assert.ok(refusal(text).message.includes(JSON.stringify(text)), refusal(text).message);
  }
});

test('of a long name the error shows the part around the position, and stays short', () => {
  const text = `${'left/'.repeat(2000)}here/../${'right/'.repeat(2000)}end`;
  const { message } = refusal(text);
  assert.ok(message.length < 400, `${message.length} characters`);
  assert.match(message, /here\/\.\.\/right/);
  assert.match(message, /…"/);
});

test('an error never hands control characters to a terminal', () => {
  for (let unit = 0; unit < 0x100; unit += 1) {
    const { message } = refusal(`a${String.fromCharCode(unit)}//`);
    assert.doesNotMatch(message, /\p{Cc}/u, `unit ${unit}`);
  }
});

test('a name is a string', () => {
  for (const value of [undefined, null, 5, {}, ['a'], Buffer.from('a')]) {
    assert.throws(() => parseName(value as unknown as string), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
  }
});

test('any text is taken or refused with the one error class, a code and a position within the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), (text) => {
      if (isTaken(text)) return;
      assert.equal(refusal(text).code, 'ERR_MAILSLOT_INVALID_NAME');
      const position = positionOf(text);
      assert.ok(position >= 0 && position <= text.length);
    }),
    { numRuns: 1000 },
  );
});

function isTaken(text: string): boolean {
  try {
    parseName(text);
    return true;
  } catch {
    return false;
  }
}
