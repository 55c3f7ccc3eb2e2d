import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailslotError } from '../errors.js';
import { fromSystem, peerState, systemCode } from './system-error.js';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: something, listen`), { code });

for (const [codes, expected, advice] of [
  [['EMFILE', 'ENFILE'], 'ERR_MAILSLOT_NO_RESOURCES', /ulimit -n/],
  [['ENOSPC', 'EDQUOT'], 'ERR_MAILSLOT_NO_RESOURCES', /free some, or set MAILSLOT_ROOT/],
  [['ENOMEM', 'ENOBUFS'], 'ERR_MAILSLOT_NO_RESOURCES', /memory/],
  [['EACCES', 'EPERM'], 'ERR_MAILSLOT_ACCESS_DENIED', /option `access`/],
  [['EROFS'], 'ERR_MAILSLOT_UNUSABLE_ROOT', /read-only; set MAILSLOT_ROOT/],
  [['EIO', 'ESOMETHINGNEW'], 'ERR_MAILSLOT_IO', /something, listen/],
] as const) {
  test(`${codes.join(' and ')} say what could not be done, why, and what helps`, () => {
    for (const code of codes) {
      const cause = systemError(code);
      const error = fromSystem(cause, 'create the mailslot a');
      assert.equal(error.code, expected);
      assert.match(error.message, /^cannot create the mailslot a: /);
      assert.match(error.message, advice);
      assert.equal(error.cause, cause);
    }
  });
}

test('an end that was closed, or whose process ended, is no failure of the system', () => {
  for (const code of ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ENOTCONN', 'EPROTOTYPE']) {
    assert.equal(peerState(systemError(code)), 'ended');
    const error = fromSystem(systemError(code), 'read what it answers');
    assert.equal(error.code, 'ERR_MAILSLOT_CLOSED');
    assert.doesNotMatch(error.message, /E[A-Z]{4}/, 'raw text of the system');
  }
});

test('every error of a connection tells one thing of the other end, and others tell nothing', () => {
  for (const [state, ...codes] of [
    ['gone', 'ENOENT', 'ENOTDIR', 'ELOOP'],
    ['dead', 'ECONNREFUSED'],
    ['busy', 'EAGAIN', 'EBUSY', 'ETIMEDOUT'],
    ['denied', 'EACCES', 'EPERM'],
    [undefined, 'EMFILE', 'ENOMEM', 'EIO'],
  ]) {
    for (const code of codes) assert.equal(peerState(systemError(code as string)), state);
  }
});

test('an error of ours stays the one it is', () => {
  const error = new MailslotError('ERR_MAILSLOT_TIMEOUT', 'late');
  assert.equal(fromSystem(error, 'do anything'), error);
});

test('whatever else is thrown is kept and shown', () => {
  for (const thrown of ['text', undefined, null, 5, { code: 5 }]) {
    assert.equal(systemCode(thrown), undefined);
    const error = fromSystem(thrown, 'do it');
    assert.equal(error.code, 'ERR_MAILSLOT_IO');
    assert.equal(error.cause, thrown);
    assert.ok(error.message.startsWith('cannot do it: '));
  }
});
