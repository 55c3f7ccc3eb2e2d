import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Datagram, upperCase } from 'mailslot/transports';
import { MAX_TOKENS } from './limits.js';
import {
  permissionsOf,
  Subjects,
  senderIn,
  subjectsOf,
  type TokenKind,
  Tokens,
  tokenOf,
} from './subjects.js';

const TOKEN = /^[A-Za-z0-9_-]{20}$/;

/** What breaks subjects: separators, wildcards, control characters, the server's own `$`, what changes with case. */
const nasty = fc.oneof(
  fc.string({ unit: fc.constantFrom(' ', '.', '*', '>', '$', '\t', '\r', '\n', '-', '_', 'a', 'A', 'ß') }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    '*',
    '>',
    '.',
    '..',
    '$SYS.>',
    '_INBOX.x',
    'é',
    'É',
    'e\u0301',
    'İ',
    'ı',
    'i',
    'ſ',
    's',
  ),
  fc.string({ unit: 'binary', minLength: 29_990, maxLength: 30_000 }),
);
const kinds = fc.constantFrom<TokenKind>('domain', 'computer', 'slot');

function message(from: string, to: Datagram['to'], slot: string): Datagram {
  const identity = { instance: '0123456789abcdef', counter: 1, stamp: 0 };
  return { identity, from, to, sequence: 1, slot, scope: 'site', data: new Uint8Array() };
}

test('any name becomes a legal token of 20 characters', () => {
  fc.assert(fc.property(kinds, nasty, (kind, name) => assert.match(tokenOf(kind, name), TOKEN)));
});

test('tokens meet exactly when the names are spellings of one name', () => {
  fc.assert(
    fc.property(kinds, nasty, nasty, (kind, one, other) => {
      const isSame = upperCase(one) === upperCase(other);
      assert.equal(tokenOf(kind, one) === tokenOf(kind, other), isSame);
      assert.equal(tokenOf(kind, one), tokenOf(kind, upperCase(one)));
    }),
  );
});

test('tokens of different kinds never meet', () => {
  fc.assert(
    fc.property(nasty, (name) => {
      assert.equal(
        new Set((['domain', 'computer', 'slot'] as const).map((kind) => tokenOf(kind, name))).size,
        3,
      );
    }),
  );
});

/** Whether a server would hand what is published to `subject` to who subscribes to `pattern`. */
function matches(pattern: string, subject: string): boolean {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  return wanted.length === given.length && wanted.every((token, at) => token === '*' || token === given[at]);
}

test('a subject is heard exactly by the computers and slots that the message is for', () => {
  const few = fc.constantFrom('a', 'A', 'b.c', 'B.C', '*', '>', ' ', 'straße', 'x/y');
  fc.assert(
    fc.property(few, few, few, few, few, (from, to, slot, listener, wanted) => {
      const heard = subjectsOf('Office', listener).heard(wanted);
      const isHeard = (subject: string): boolean => heard.some((pattern) => matches(pattern, subject));
      const sent = subjectsOf('OFFICE', from);
      const isSlot = upperCase(slot) === upperCase(wanted);
      assert.equal(isHeard(sent.toDomain(slot)), isSlot);
      assert.equal(isHeard(sent.toComputer(to, slot)), isSlot && upperCase(to) === upperCase(listener));
      assert.equal(isHeard(subjectsOf('LAB', from).toDomain(slot)), false);
    }),
  );
});

test('the permissions of a computer allow what it does, and to speak for itself alone', () => {
  const few = fc.constantFrom('a', 'A', 'b.c', '*', '>', ' ', 'x/y');
  fc.assert(
    fc.property(few, few, few, few, (own, other, to, slot) => {
      const { publish, subscribe } = permissionsOf('Office', own);
      const mayPublish = (subject: string): boolean => publish.some((pattern) => matches(pattern, subject));
      const sent = subjectsOf('Office', other);
      const isSelf = upperCase(own) === upperCase(other);
      assert.equal(mayPublish(sent.toComputer(to, slot)), isSelf);
      assert.equal(mayPublish(sent.toDomain(slot)), isSelf);
      for (const subject of sent.heard(slot)) {
        const isForAll = subject === subjectsOf('Office', own).heard(slot)[1];
        assert.equal(
          subscribe.some((pattern) => matches(pattern, subject)),
          isSelf || isForAll,
        );
      }
    }),
  );
});

test('subjects are found again whatever was asked before', () => {
  const subjects = new Subjects('Office');
  const few = fc.constantFrom('a', 'A', 'b', 'c/d', 'Office');
  fc.assert(
    fc.property(few, fc.constantFrom('computer', 'domain'), few, few, (from, kind, name, slot) => {
      const { toComputer, toDomain } = subjectsOf('OFFICE', from);
      const to = kind === 'domain' ? { kind, name: 'office' } : { kind, name };
      const expected = kind === 'domain' ? toDomain(slot) : toComputer(name, slot);
      assert.equal(subjects.of(message(from, to, slot)), expected);
      assert.equal(senderIn(expected), tokenOf('computer', from));
    }),
  );
});

test('tokens are remembered up to a bound', () => {
  const tokens = new Tokens();
  for (let at = 0; at < MAX_TOKENS + 10; at += 1)
    assert.equal(tokens.of('slot', `s${at}`), tokenOf('slot', `s${at}`));
  assert.equal(tokens.of('computer', 's0'), tokenOf('computer', 's0'));
  assert.ok(tokens.size <= MAX_TOKENS, `${tokens.size} tokens`);
  const long = new Tokens();
  assert.match(long.of('slot', 'x'.repeat(30_000)), TOKEN);
  assert.equal(long.size, 0);
});
