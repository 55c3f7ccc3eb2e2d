import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { memberInSlot, nameInSlot, slotOf, slotOfMember } from '../name/people.js';
import {
  addresseeOf,
  isComputer,
  isReplySlot,
  MESSENGER,
  messengerName,
  nameOrNothing,
  partnerNamed,
  replySlotOf,
} from './name.js';

const wrong = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };

test('a name has one spelling', () => {
  assert.equal(messengerName('Anna'), 'ANNA');
  assert.equal(messengerName('zoë 漢 😀'), 'ZOË 漢 😀');
  assert.equal(messengerName('x'.repeat(64)).length, 64);
  assert.equal(addresseeOf('*'), '*');
  assert.equal(messengerName('Zoe\u0308'), 'ZO\u00cb');
  assert.equal(messengerName('e\u0301'.repeat(64)).length, 64);
});

test('the spelling of a name is that of this spelling', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), (text) => {
      const name = nameOrNothing(text);
      if (name === undefined) return;
      assert.equal(nameOrNothing(name), name);
      assert.equal(nameOrNothing(text.normalize('NFD')), name);
    }),
    { examples: [['i\u0307'], ['\u03f1\u0314']] },
  );
});

test('what is no name is refused, and shown harmlessly', () => {
  const names = [
    '',
    '*',
    '.',
    '..',
    'a/b',
    'a\\b',
    'a\0',
    'a\u001b[2J',
    ' a',
    'a ',
    '\u00a0a',
    'a\u202eb',
    '\ud83d',
    '**',
    '***',
    ...[
      '\u00ad',
      '\u034f',
      '\u115f',
      '\u180b',
      '\u200b',
      '\u200d',
      '\u2800',
      '\u3164',
      '\ufe0f',
      '\u{e0100}',
    ].map((unseen) => `a${unseen}b`),
  ];
  for (const name of [...names, 'x'.repeat(65)]) assert.throws(() => messengerName(name), wrong, name);
  assert.throws(() => messengerName(1 as unknown as string), wrong);
  assert.throws(
    () => messengerName('a\u001b[2J'),
    (error: Error) => !error.message.includes('\u001b'),
  );
});

test('slots and names belong together', () => {
  assert.equal(slotOf('ANNA'), 'messngr/ANNA');
  assert.equal(nameInSlot('MESSNGR/anna'), 'anna');
  assert.equal(nameInSlot('messngr/*'), '*');
  for (const path of [
    'messngr',
    'app/events',
    'messngr/reply/0011223344556677',
    'messngr/*/0/1',
    'messngr/',
  ]) {
    assert.equal(nameInSlot(path), undefined);
  }
});

test('the slots of members are told from all others', () => {
  for (const member of [
    { uid: 0, place: 1 },
    { uid: 65_534, place: 16 },
    { uid: -1, place: 2 },
  ]) {
    assert.deepEqual(memberInSlot(slotOfMember(member)), member);
  }
  for (const path of [
    'messngr/*',
    'messngr/*/0',
    'messngr/*/00/1',
    'messngr/*/0/0',
    'messngr/*/0/1/x',
    'x/*/0/1',
  ])
    assert.equal(memberInSlot(path), undefined);
});

test('no word is reserved: the messenger itself has a name that nobody can have', () => {
  for (const name of [
    'messenger',
    'mailslot',
    'reply',
    'all',
    'everybody',
    '$redirector',
    'names.json',
    '__proto__',
  ]) {
    assert.equal(messengerName(name), name.toUpperCase());
    assert.notEqual(partnerNamed(name), MESSENGER);
    assert.equal(partnerNamed(name), messengerName(name));
  }
  assert.throws(() => messengerName(MESSENGER), wrong);
  assert.equal(partnerNamed(MESSENGER), MESSENGER);
});

test('answers go to the slots of messengers only', () => {
  assert.ok(isReplySlot(replySlotOf('00112233445566aa')));
  assert.ok(isReplySlot('messngr/ANNA'));
  for (const path of ['messngr/*', 'messngr/..', 'messngr/reply/x', 'messngr/a/b', 'app/events', '', 1]) {
    assert.equal(isReplySlot(path), false);
  }
  assert.ok(isComputer('PC7'));
  for (const name of ['*', '.', 'A/mailslot/x', '', 'x'.repeat(256)]) assert.equal(isComputer(name), false);
  assert.ok(isComputer('MESSENGER'));
});
