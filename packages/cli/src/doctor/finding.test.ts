import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailslotError } from 'mailslot';
import { badByError } from './finding.js';

test('the next step of an error is told apart from what happened, whatever its sentences look like', () => {
  const details = { remedy: 'run "a; b", then "c"' };
  const error = new MailslotError('ERR_MAILSLOT_IO', 'one; two, in line 3 of file x cannot be', details);
  const { finding, next } = badByError('root', error);
  assert.equal(finding, 'one; two, in line 3 of file x cannot be');
  assert.equal(next, details.remedy);
});

test('an error without a next step is told whole', () => {
  const { finding, next } = badByError('root', new MailslotError('ERR_MAILSLOT_IO', 'one; two'));
  assert.equal(finding, 'one; two');
  assert.match(String(next), /mailslot doctor/);
});
