import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, MailslotError, type MailslotErrorCode } from './errors.js';

const codes = Object.keys(ERRORS) as MailslotErrorCode[];

test('the codes that users match on, with their Win32 numbers, never change', () => {
  const numbers = Object.fromEntries(
    codes.map((code) => [code.replace('ERR_MAILSLOT_', ''), new MailslotError(code, '').win32Number]),
  );
  assert.deepEqual(numbers, {
    INVALID_NAME: 123,
    NOT_FOUND: 2,
    ALREADY_EXISTS: 183,
    ACCESS_DENIED: 5,
    TIMEOUT: 121,
    BUFFER_TOO_SMALL: 122,
    MESSAGE_TOO_LARGE: 4336,
    QUEUE_FULL: 1816,
    CLOSED: 38,
    BAD_NETPATH: 53,
    REMOTE_DISABLED: 3025,
    INVALID_ARGUMENT: 87,
    UNUSABLE_ROOT: 161,
    UNUSABLE_CONFIG: 1610,
    NO_RESOURCES: 1450,
    INCOMPATIBLE: 1306,
    MALFORMED: 13,
    IO: 1117,
  });
});

test('no two codes share a Win32 name or number, so that a fault on the wire finds its code again', () => {
  assert.equal(new Set(codes.map((code) => ERRORS[code].win32[0])).size, codes.length);
  assert.equal(new Set(codes.map((code) => ERRORS[code].win32[1])).size, codes.length);
});

test('an error is an Error with a name, a code and what it knows', () => {
  const cause = new Error('underneath');
  const error = new MailslotError('ERR_MAILSLOT_NOT_FOUND', 'no mailslot a', {
    cause,
    size: 5,
    limit: 4,
    messages: 3,
  });
  assert.ok(error instanceof Error);
  assert.equal(String(error), 'MailslotError: no mailslot a');
  assert.match(error.stack ?? '', /^MailslotError: no mailslot a/);
  assert.equal(error.win32Name, 'ERROR_FILE_NOT_FOUND');
  assert.deepEqual([error.cause, error.size, error.limit, error.messages], [cause, 5, 4, 3]);
});

test('an error without a cause has none', () => {
  assert.equal('cause' in new MailslotError('ERR_MAILSLOT_IO', 'x'), false);
  assert.equal('cause' in new MailslotError('ERR_MAILSLOT_IO', 'x', { cause: undefined }), true);
});

test('the next step is told apart, and the message ends with it, once', () => {
  const remedy = 'run "chmod 600 x"';
  const error = new MailslotError('ERR_MAILSLOT_IO', 'others may read x', { remedy });
  assert.equal(error.message, 'others may read x; run "chmod 600 x"');
  assert.equal(error.remedy, remedy);
  const around = new MailslotError(error.code, `no: ${error.message}`, { cause: error, remedy });
  assert.equal(around.message, 'no: others may read x; run "chmod 600 x"');
  assert.equal(new MailslotError('ERR_MAILSLOT_IO', 'x').remedy, undefined);
});

test('nothing but an error of this library is an instance', () => {
  const plain = Object.assign(new Error('x'), { name: 'MailslotError', code: 'ERR_MAILSLOT_IO' });
  for (const value of [plain, {}, null, undefined, 'x', 1, () => 1, MailslotError])
    assert.equal(value instanceof MailslotError, false);
});

test('a class that extends it knows its own errors from the others', () => {
  class Special extends MailslotError {}
  const special = new Special('ERR_MAILSLOT_IO', 'x');
  assert.ok(special instanceof Special && special instanceof MailslotError);
  assert.equal(new MailslotError('ERR_MAILSLOT_IO', 'x') instanceof Special, false);
});

test('a code that only a newer copy knows is kept', () => {
  const error = new MailslotError('ERR_MAILSLOT_NEWER' as MailslotErrorCode, 'x');
  assert.deepEqual([error.code, error.win32Name], ['ERR_MAILSLOT_NEWER', 'ERROR_IO_DEVICE']);
});
