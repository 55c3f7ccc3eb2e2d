import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailslotError, type MailslotErrorCode } from 'mailslot';
import { type Ask, reloadRedirector } from './reload.js';

test('the redirector of that root is told; where none runs there is nobody to tell', async () => {
  const asked: unknown[] = [];
  await reloadRedirector('/root', async function* (question, options) {
    asked.push(question, options);
    yield* [];
  });
  assert.deepEqual(asked, [{ do: 'reload' }, { root: '/root' }]);
  await reloadRedirector(undefined, failing('ERR_MAILSLOT_NOT_FOUND'));
});

test('one that cannot be told is an error that says what was done all the same', async () => {
  await assert.rejects(reloadRedirector(undefined, failing('ERR_MAILSLOT_ACCESS_DENIED')), {
    code: 'ERR_MAILSLOT_ACCESS_DENIED',
    message: /^it is in the configuration, but .*: no$/,
  });
});

function failing(code: MailslotErrorCode): Ask {
  // biome-ignore lint/correctness/useYield: it fails before it could
  return async function* () {
    throw new MailslotError(code, 'no');
  };
}
