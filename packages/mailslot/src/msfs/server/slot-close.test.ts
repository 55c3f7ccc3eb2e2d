import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { MailslotError } from '../../errors.js';
import { createMailslot, type Mailslot, openMailslot } from '../../index.js';
import { parseName } from '../../name/slot-name.js';
import { realPorts } from '../../ports/ports.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { folderSpace } from '../namespace/folder-space.js';
import type { NameSpace } from '../namespace/name-space.js';
import { openClient } from '../open.js';
import { slotSettings } from '../options.js';
import { clientOf, pair, slotIn } from '../pair.test.support.js';
import {
  closedAfter,
  portsWith,
  published,
  stateOf,
  temporaryRoot,
  until,
} from '../temp-root.test.support.js';
import { Mailslot as Slot } from './slot.js';

test('a slot may be closed again and again, and by leaving its scope; nothing of it stays in the root', async (t) => {
  const slot = await slotIn(t);
  const closing = slot.close();
  assert.deepEqual(readdirSync(slot.root), [], 'the name is not free at once');
  await Promise.all([closing, slot.close(), slot[Symbol.asyncDispose]()]);
  await slot.close();
});

test('a slot that is closed and created again is another one; the clients of the first do not find it', async (t) => {
  const { slot, client, root } = await pair(t);
  const closing = slot.close();
  const next = closedAfter(t, await createMailslot(slot.name, { root }));
  await assert.rejects(client.write('for the first'), { code: 'ERR_MAILSLOT_CLOSED' });
  await closing;
  assert.equal(next.info().messageCount, 0);
  await (await clientOf(t, next)).write('for the second');
  assert.equal(next.tryRead()?.text(), 'for the second');
});

test('what is unread when a slot is closed is lost and counted', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b', 'c']);
  slot.tryRead();
  await slot.close();
  const { received, delivered, dropped, writers } = slot.statistics();
  assert.deepEqual([received, delivered, dropped.unread, writers], [3, 1, 2, 0]);
});

test('a closed slot still says who it was and what happened, and no longer how it stands', async (t) => {
  const slot = await slotIn(t);
  await slot.close();
  assert.equal(slot.name, 'app/events');
  assert.equal(slot.statistics().received, 0);
  assert.throws(() => slot.info(), { code: 'ERR_MAILSLOT_CLOSED' });
  slot.readTimeout = 5;
  assert.equal(slot.ref().unref(), slot);
});

test('a slot counts its writers as they come and go', async (t) => {
  const slot = await slotIn(t);
  const clients = [await clientOf(t, slot), await clientOf(t, slot)];
  for (const client of clients) await client.write('a');
  assert.equal(slot.statistics().writers, 2);
  const gone = published('disconnect');
  await clients[0]?.close();
  await gone;
  assert.equal(slot.statistics().writers, 1);
});

test('what happens can be watched, at its time and with its facts', async (t) => {
  const root = temporaryRoot(t);
  const isOurs = ({ root: other }: { root: string }): boolean => other === root;
  const created = published('create', isOurs);
  const slot = closedAfter(
    t,
    await createMailslot('Watched', { root, queue: { bytes: 65, whenFull: 'drop-newest' } }),
  );
  assert.deepEqual(await created, { name: 'Watched', root });

  const { pid } = process;
  const connected = published('connect');
  const client = closedAfter(t, await openMailslot('watched', { root }));
  assert.deepEqual(await connected, { name: 'Watched', pid });

  const dropped = published('drop');
  await client.writeMany(['a', 'b']);
  assert.deepEqual(await dropped, { name: 'Watched', reason: 'drop-newest', messages: 1 });

  const disconnected = published('disconnect');
  await client.close();
  assert.deepEqual(await disconnected, { name: 'Watched', pid });

  const closed = published<{ statistics: unknown }>('close', (message) =>
    isOurs(message as unknown as Mailslot),
  );
  const closing = slot.close();
  assert.deepEqual(await closed, { name: 'Watched', root, statistics: slot.statistics() });
  await closing;
});

for (const whenFull of ['reject', 'drop-oldest'] as const) {
  test(`what ${whenFull} loses can be watched`, async (t) => {
    const { slot, client } = await pair(t, { queue: { bytes: 130, whenFull } });
    await client.writeMany(['a', 'b']);
    const dropped = published('drop');
    const messages = whenFull === 'reject' ? 1 : 2;
    await client.write('x'.repeat(60)).catch(() => {});
    assert.deepEqual(await dropped, { name: slot.name, reason: whenFull, messages });
  });
}

test('who watches how a slot ends may close it there, and is told once', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['a', 'b']);
  let told = 0;
  const close = (): void => {
    told += 1;
    if (told < 10) void slot.close();
  };
  for (const channel of ['disconnect', 'close']) subscribe(`mailslot:${channel}`, close);
  await slot.close();
  for (const channel of ['disconnect', 'close']) unsubscribe(`mailslot:${channel}`, close);
  assert.equal(told, 2);
  assert.equal(slot.statistics().dropped.unread, 2);
});

test('a slot takes its place again when that is gone, says so, and keeps it from looking abandoned until then', async (t) => {
  const root = temporaryRoot(t);
  const clock = new VirtualClock();
  const ports = portsWith(clock);
  const name = parseName('app/events');
  const slot = closedAfter(t, await Slot.create(name, folderSpace(root, ports), slotSettings({}), ports));
  clock.advance(10 * 60_000);
  assert.deepEqual(ports.warnings, []);
  const other = folderSpace(root, ports);
  const path = other.locate(name) ?? assert.fail('the slot is not found');
  const client = closedAfter(t, await openClient(name, other, {}, realPorts)).unref();
  await client.write('before');
  rmSync(dirname(path), { recursive: true });
  clock.advance(60_000);
  const reopened = closedAfter(t, await openClient(name, other, { wait: 60_000 }, realPorts)).unref();
  assert.deepEqual(ports.warnings, [
    `the place of the mailslot app/events in ${root} was removed; it has taken it again`,
  ]);
  await client.write('from who was there');
  await reopened.write('from who came');
  const texts = Array.from({ length: 3 }, () => slot.tryRead()?.text());
  assert.deepEqual(texts, ['before', 'from who was there', 'from who came']);
  await slot.close();
  assert.deepEqual(readdirSync(root), []);
  // What still looked now and then has stopped.
  clock.advance(60_000);
  assert.equal(clock.pending, 0);
});

test('a slot whose name somebody else has taken meanwhile says so once, and takes it again when it is free', async (t) => {
  const root = temporaryRoot(t);
  const clock = new VirtualClock();
  const ports = portsWith(clock);
  const name = parseName('app');
  const space = folderSpace(root, ports);
  const slot = closedAfter(t, await Slot.create(name, space, slotSettings({}), ports));
  rmSync(dirname(space.locate(name) ?? assert.fail('not found')), { recursive: true });
  const usurper = await createMailslot('app', { root });
  for (let minute = 0; minute < 3; minute += 1) {
    clock.advance(60_000);
    await until(() => ports.warnings.length > 0 && clock.pending > 0);
  }
  assert.equal(ports.warnings.length, 1);
  assert.match(ports.warnings[0] ?? '', /can no longer be found for now: the mailslot app already exists/);
  await usurper.close();
  clock.advance(60_000);
  await until(() => ports.warnings.length > 1);
  assert.match(ports.warnings[1] ?? '', /it has taken it again/);
  await slot.close();
  assert.equal(clock.pending, 0);
});

test('a slot whose place cannot be given back is closed all the same, and says what is left', async (t) => {
  const root = temporaryRoot(t);
  const space = folderSpace(root, realPorts);
  const denied = new MailslotError('ERR_MAILSLOT_ACCESS_DENIED', 'cannot clear away');
  const stubborn: NameSpace = {
    ...space,
    async claim(...claimed) {
      const place = await space.claim(...claimed);
      const release = (): void => {
        place.release();
        throw denied;
      };
      return { ...place, release };
    },
  };
  const slot = await Slot.create(parseName('a'), stubborn, slotSettings({}), realPorts);
  // Else a slot that stays open would keep the process of this test alive.
  const read = slot.unref().read();
  const closed = assert.rejects(read, { code: 'ERR_MAILSLOT_CLOSED' });
  const client = closedAfter(t, await openMailslot('a', { root })).unref();
  await assert.rejects(slot.close(), denied);
  assert.equal(await stateOf(closed), 'fulfilled', 'reads still wait');
  await assert.rejects(client.write('a'), { code: 'ERR_MAILSLOT_CLOSED' });
});
