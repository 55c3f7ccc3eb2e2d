import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listMailslots, openMailslot } from '../index.js';
import { parseName } from '../name/slot-name.js';
import { realPorts } from '../ports/ports.js';
import { folderFinder } from './namespace/folder-finder.js';
import { hashKey } from './namespace/hash.js';
import type { SlotFinder } from './namespace/name-space.js';
import { openClient } from './open.js';
import type { SlotInfo } from './slot-info.js';
import { closedAfter, temporaryRoot } from './temp-root.test.support.js';
import { encodeGreeting } from './wire/greeting.js';
import { encodeInfo } from './wire/info.js';

/* What a slot says of itself is the word of whoever runs it; what can be asked of the system is asked there. */

const onUnix = { skip: process.platform === 'win32' && 'needs unix sockets' };
const OWNER = process.geteuid?.() ?? 0;

const HONEST: SlotInfo = {
  name: 'app',
  pid: process.pid,
  owner: OWNER,
  access: 'owner',
  maxMessageSize: 0,
  messageLimit: 1_000,
  nextMessageSize: undefined,
  messageCount: 0,
  readTimeout: 0,
  queueBytes: 1_000,
  queueUsed: 0,
  whenFull: 'block',
  writers: 1,
  createdAt: 1_700_000_000_000,
  received: 0,
  delivered: 0,
  dropped: 0,
  rejected: 0,
};

/** A server of our own in the place of the slot `app`, which answers INFO with these bytes. */
async function slotSaying(t: TestContext, body: Uint8Array): Promise<string> {
  const root = temporaryRoot(t);
  const folder = join(root, hashKey(parseName('app').key));
  mkdirSync(folder);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.write(encodeGreeting({ maxMessageSize: 0, messageLimit: 1_000, pid: process.pid, name: 'app' }));
    const head = Buffer.alloc(8);
    head.writeUInt32LE(3, 0);
    head.writeUInt32LE(body.length, 4);
    socket.on('data', () => socket.write(Buffer.concat([head, body])));
  });
  await once(server.listen(join(folder, '0123456789abcdef')), 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return root;
}

test('a slot that tells the truth is believed', onUnix, async (t) => {
  const root = await slotSaying(t, encodeInfo(HONEST));
  const client = closedAfter(t, await openMailslot('app', { root }));
  assert.deepEqual(await client.info(), HONEST);
  assert.deepEqual(await listMailslots({ root }), [
    { name: 'app', owner: OWNER, info: HONEST, error: undefined },
  ]);
});

const withTime = (ms: bigint): Uint8Array => {
  const bytes = Buffer.from(encodeInfo(HONEST));
  bytes.writeBigUInt64LE(ms, 56);
  return bytes;
};

for (const [what, body] of [
  ['it is of another user', encodeInfo({ ...HONEST, owner: OWNER + 1 })],
  ['it is of nobody', encodeInfo({ ...HONEST, owner: undefined })],
  ['it has another name', encodeInfo({ ...HONEST, name: 'bank' })],
  ['it has a name that is none', encodeInfo({ ...HONEST, name: '' })],
  ['its process is 0, which stands for many', encodeInfo({ ...HONEST, pid: 0 })],
  ['it was created at a time that is none', withTime(9_000_000_000_000_000n)],
] as const) {
  test(
    `a slot that says ${what} is believed nothing, and its owner is told by the system`,
    onUnix,
    async (t) => {
      const root = await slotSaying(t, body);
      const client = closedAfter(t, await openMailslot('app', { root }));
      await assert.rejects(client.info(), { code: 'ERR_MAILSLOT_MALFORMED' });
      const [entry] = await listMailslots({ root });
      assert.deepEqual(
        [entry?.name, entry?.owner, entry?.error?.code],
        [undefined, OWNER, 'ERR_MAILSLOT_MALFORMED'],
      );
    },
  );
}

test('what was replaced between the look and the greeting is looked at again', onUnix, async (t) => {
  const finder = folderFinder(await slotSaying(t, encodeInfo(HONEST)));
  const looks: string[] = [];
  const changing = (changes: number): SlotFinder => ({
    ...finder,
    lookAt(path) {
      looks.push(dirname(path));
      const seen = finder.lookAt(path);
      return seen && { ...seen, identity: looks.length <= 2 * changes ? `look ${looks.length}` : 'the same' };
    },
  });
  closedAfter(t, await openClient(parseName('app'), changing(2), {}, realPorts));
  assert.equal(looks.length, 6);
  looks.length = 0;
  await assert.rejects(openClient(parseName('app'), changing(9), {}, realPorts), {
    code: 'ERR_MAILSLOT_NOT_FOUND',
  });
});

test('a link is no place of a slot, wherever it leads', onUnix, async (t) => {
  const root = await slotSaying(t, encodeInfo(HONEST));
  const other = temporaryRoot(t);
  const folder = hashKey(parseName('app').key);
  symlinkSync(join(root, folder), join(other, folder));
  await assert.rejects(openMailslot('app', { root: other }), { code: 'ERR_MAILSLOT_NOT_FOUND' });
  assert.deepEqual(await listMailslots({ root: other }), []);
});
