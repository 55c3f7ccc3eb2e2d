import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMailslot, listMailslots } from '../index.js';
import { parseName } from '../name/slot-name.js';
import { realPorts } from '../ports/ports.js';
import { listSlots } from './list.js';
import { hashKey } from './namespace/hash.js';
import { openSpace } from './namespace/open-space.js';
import { clientOf, slotIn } from './pair.test.support.js';
import { closedAfter, temporaryRoot } from './temp-root.test.support.js';

/** What a killed process leaves in the place of a name: a socket that nobody listens on. */
async function leaveDead(root: string, name: string): Promise<string> {
  const folder = join(root, hashKey(parseName(name).key));
  mkdirSync(folder);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'made'), resolve));
  // Its server removes the name that it made, and no other.
  renameSync(join(folder, 'made'), join(folder, '0123456789abcdef'));
  await new Promise((resolve) => server.close(resolve));
  assert.ok(existsSync(join(folder, '0123456789abcdef')));
  return folder;
}

test('the slots of a root are listed by name, each with how it stands', async (t) => {
  const root = temporaryRoot(t);
  const names = ['b', 'a/c', 'a', 'Z'];
  for (const name of names) closedAfter(t, await createMailslot(name, { root }));
  const slot = closedAfter(
    t,
    await createMailslot('written', { root, access: 'everyone', maxMessageSize: 99 }),
  );
  const client = await clientOf(t, slot);
  await client.writeMany(['first', 'second']);
  const entries = await listMailslots({ root });
  assert.deepEqual(
    entries.map(({ name, error }) => [name, error]),
    ['Z', 'a', 'a/c', 'b', 'written'].map((name) => [name, undefined]),
  );
  const { info, owner } = entries.at(-1) ?? assert.fail('no entries');
  assert.deepEqual(info, await client.info());
  assert.equal(owner, process.geteuid?.());
  assert.deepEqual(
    [
      info?.messageCount,
      info?.nextMessageSize,
      info?.queueUsed,
      info?.writers,
      info?.access,
      info?.maxMessageSize,
    ],
    [2, 5, 11 + 128, 1, 'everyone', 99],
  );
});

test('a root without slots, and one that is not there, have none', async (t) => {
  const root = temporaryRoot(t);
  assert.deepEqual(await listMailslots({ root }), []);
  const missing = join(root, 'missing');
  assert.deepEqual(await listMailslots({ root: missing }), []);
  assert.equal(existsSync(missing), false, 'looking made it');
});

test('what a killed process left is not listed, and is cleared away', async (t) => {
  const root = temporaryRoot(t);
  closedAfter(t, await createMailslot('a', { root }));
  const folder = await leaveDead(root, 'dead');
  const entries = await listMailslots({ root });
  assert.deepEqual(
    entries.map(({ name }) => name),
    ['a'],
  );
  assert.equal(existsSync(folder), false);
});

test('what a killed process left does not keep its name from the next, nor anybody from finding that', async (t) => {
  const root = temporaryRoot(t);
  await leaveDead(root, 'a');
  const slot = closedAfter(t, await createMailslot('a', { root }));
  await (await clientOf(t, slot)).write('x');
  assert.equal(slot.tryRead()?.text(), 'x');
});

test('what else lies in a root is left alone', async (t) => {
  const slot = await slotIn(t);
  writeFileSync(join(slot.root, 'notes.txt'), '');
  mkdirSync(join(slot.root, 'folder'));
  assert.equal((await listMailslots({ root: slot.root })).length, 1);
  await slot.close();
  assert.deepEqual(readdirSync(slot.root).sort(), ['folder', 'notes.txt']);
});

test('a hundred slots are listed, more than are asked at once', async (t) => {
  const root = temporaryRoot(t);
  const names = Array.from({ length: 100 }, (_, number) => `slot-${100 + number}`);
  for (const name of names) closedAfter(t, await createMailslot(name, { root }));
  assert.deepEqual(
    (await listMailslots({ root })).map(({ name }) => name),
    names,
  );
});

test('the places of each owner are asked in turn, however many one of them has', async (t) => {
  const asked: number[] = [];
  const space = openSpace(temporaryRoot(t), realPorts);
  const places = [1, 1, 1, 1, 2, 2, 3].map((owner) => ({ owner, find: () => void asked.push(owner) }));
  await listSlots({ ...space, list: () => places }, {}, realPorts);
  assert.deepEqual(asked, [1, 2, 3, 1, 2, 1, 1]);
});

test('an aborted list fails with the reason', async (t) => {
  const slot = await slotIn(t);
  const reason = new Error('changed my mind');
  const controller = new AbortController();
  await assert.rejects(listMailslots({ root: slot.root, signal: AbortSignal.abort(reason) }), reason);
  const listing = listMailslots({ root: slot.root, signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(listing, reason);
});
