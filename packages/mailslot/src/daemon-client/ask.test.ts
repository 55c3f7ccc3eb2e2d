import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';
import { encodeLine } from '../msfs/wire/preface.js';
import { linesOf, type RedirectorQuestion } from './ask.js';

const onUnix = { skip: process.platform === 'win32' && 'pipes have names of their own there' };

test('an error in the midst of an answer is thrown, and not taken for a part of it', onUnix, async (t) => {
  const error = { code: 'ERR_MAILSLOT_NO_RESOURCES', message: 'too many' };
  const entry = { name: 'ALPHA', domain: 'OFFICE', state: 'here' };
  const lines = await answered(t, 'computers', [{ ok: true }, entry, { error }]);
  assert.deepEqual((await lines.next()).value, entry);
  await assert.rejects(lines.next(), { code: error.code, message: error.message });
});

for (const [asked, line] of [
  ['status', { computer: 'ALPHA' }],
  ['computers', {}],
  ['watch', { change: 'came' }],
  ['probe', { computer: 'ALPHA', instance: 7 }],
  ['self', { computer: 'ALPHA', domains: 'OFFICE' }],
] as const) {
  test(`an answer to "${asked}" that lacks something is refused`, onUnix, async (t) => {
    for (const answers of [[line], [{ ok: true }, line]]) {
      const lines = await answered(t, asked, answers);
      await assert.rejects(lines.next(), { code: 'ERR_MAILSLOT_MALFORMED' });
    }
  });
}

async function answered(t: TestContext, asked: RedirectorQuestion['do'], lines: readonly object[]) {
  const path = join(temporaryRoot(t), 'socket');
  const server = createServer((socket) => {
    socket.once('data', () =>
      socket.end(lines.map((line) => Buffer.from(encodeLine(line)).toString()).join('')),
    );
  });
  t.after(() => server.close());
  server.listen(path);
  await once(server, 'listening');
  return linesOf(path, { do: asked }, undefined);
}
