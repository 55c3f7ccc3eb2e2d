import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMailslot, listMailslots, openMailslot } from '../index.js';
import { parseName } from '../name/slot-name.js';
import { hashKey } from './namespace/hash.js';
import { closedAfter, temporaryRoot } from './temp-root.test.support.js';
import { encodeGreeting } from './wire/greeting.js';

const folderOf = (root: string, name: string): string => join(root, hashKey(parseName(name).key));

test('what a file manager leaves beside a socket hides no slot', async (t) => {
  const root = temporaryRoot(t);
  const slot = closedAfter(t, await createMailslot('a', { root }));
  writeFileSync(join(folderOf(root, 'a'), '.DS_Store'), '');
  const client = closedAfter(t, await openMailslot('a', { root }));
  await client.write('found');
  assert.equal(slot.tryRead()?.text(), 'found');
  await assert.rejects(createMailslot('a', { root }), { code: 'ERR_MAILSLOT_ALREADY_EXISTS' });
});

for (const [what, put] of [
  ['a file', (folder: string) => writeFileSync(join(folder, '.DS_Store'), '')],
  ['a file named as a socket', (folder: string) => writeFileSync(join(folder, '0123456789abcdef'), '')],
  ['a link to nowhere', (folder: string) => symlinkSync('/nowhere', join(folder, '0123456789abcdef'))],
] as const) {
  test(`${what} in the place of a name is told, and not waited for`, async (t) => {
    const root = temporaryRoot(t);
    mkdirSync(folderOf(root, 'a'));
    put(folderOf(root, 'a'));
    const refused = { code: 'ERR_MAILSLOT_UNUSABLE_ROOT', message: /is no slot and in the way of a; remove/ };
    await assert.rejects(createMailslot('a', { root }), refused);
  });
}

test('a server that greets and says no more does not hold up the list', async (t) => {
  const root = temporaryRoot(t);
  closedAfter(t, await createMailslot('a', { root }));
  const greeting = encodeGreeting({ maxMessageSize: 0, messageLimit: 1, pid: 1, name: 'mute' });
  const mute = createServer((socket) => socket.on('error', () => {}).write(greeting));
  mkdirSync(folderOf(root, 'mute'));
  const path = join(folderOf(root, 'mute'), '0123456789abcdef');
  await new Promise<void>((resolve) => mute.listen(path, resolve));
  t.after(() => mute.close());
  const entries = await listMailslots({ root });
  assert.deepEqual(
    entries.map(({ name, error }) => [name, error?.code]),
    [
      [undefined, 'ERR_MAILSLOT_TIMEOUT'],
      ['a', undefined],
    ],
  );
});
