import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portRefused } from './port-refused.js';

const refusal = (code: string) => portRefused('OFFICE', 48_783, Object.assign(new Error('bind'), { code }));

test('a port that another program has is told as that, and how to find it', () => {
  assert.match(refusal('EADDRINUSE').message, /another program.*ss -ulpn/);
});

test('want of descriptors, of memory, of rights or of a family of addresses is never told as somebody having the port', () => {
  const told = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EACCES', 'EPERM', 'EAFNOSUPPORT', 'EWHATEVER'].map(
    (code) => refusal(code),
  );
  for (const { message } of told) assert.doesNotMatch(message, /another program|ss -ulpn/);
  assert.match(refusal('EMFILE').message, /file descriptors.*ulimit -n/);
  assert.deepEqual(
    told.map(({ code }) => code.slice('ERR_MAILSLOT_'.length)),
    [
      'NO_RESOURCES',
      'NO_RESOURCES',
      'NO_RESOURCES',
      'NO_RESOURCES',
      'ACCESS_DENIED',
      'ACCESS_DENIED',
      'IO',
      'IO',
    ],
  );
});

test('the code of the system and the error itself are kept', () => {
  const error = refusal('EMFILE');
  assert.match(error.message, /\(EMFILE\)/);
  assert.equal((error.cause as NodeJS.ErrnoException).code, 'EMFILE');
});
