import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { MailslotError } from '../../errors.js';
import { createMailslot } from '../../index.js';
import { parseName } from '../../name/slot-name.js';
import { realPorts } from '../../ports/ports.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { folderSpace } from '../namespace/folder-space.js';
import type { NameSpace } from '../namespace/name-space.js';
import { slotSettings } from '../options.js';
import { clientOf, pair, slotIn } from '../pair.test.support.js';
import {
  closedAfter,
  portsWith,
  published,
  runModule,
  stateOf,
  temporaryRoot,
  until,
} from '../temp-root.test.support.js';
import { Mailslot } from './slot.js';

const onUnix = { skip: process.platform === 'win32' && 'a pipe cannot be taken away from its server' };

test('a slot that its owner closes tells so, once all is given back, whoever asks before or after', async (t) => {
  const { slot, client } = await pair(t);
  const before = slot.closed;
  await client.write('a');
  assert.equal(await stateOf(before), 'pending');
  const closing = slot.close();
  assert.equal(await stateOf(before), 'pending', 'its descriptors are not given back yet');
  await closing;
  assert.equal(await before, undefined);
  assert.equal(await slot.closed, undefined);
});

test('the channel tells of a slot that is closed, once', async (t) => {
  const slot = await slotIn(t);
  const told = published<{ end: string }>('closed', ({ end }) => end === 'slot');
  await Promise.all([slot.close(), slot.close()]);
  assert.deepEqual(await told, { name: 'app/events', end: 'slot', error: undefined });
});

test('a slot whose place is taken by somebody else tells so, and loses nothing', onUnix, async (t) => {
  const root = temporaryRoot(t);
  const clock = new VirtualClock();
  const ports = portsWith(clock);
  const name = parseName('app/events');
  const space = folderSpace(root, ports);
  const slot = closedAfter(t, await Mailslot.create(name, space, slotSettings({}), ports));
  const client = await clientOf(t, slot);
  await client.write('before');
  const told = published<{ error: unknown }>('closed');
  rmSync(dirname(space.locate(name) ?? assert.fail('not found')), { recursive: true });
  closedAfter(t, await createMailslot('app/events', { root }));
  assert.equal(await stateOf(slot.closed), 'pending');
  clock.advance(60_000);
  await until(() => ports.warnings.length > 0);
  assert.equal(await stateOf(slot.closed), 'fulfilled', 'nobody is told');
  const error = await slot.closed;
  assert.ok(error instanceof MailslotError);
  assert.equal(error.code, 'ERR_MAILSLOT_ALREADY_EXISTS');
  assert.match(error.message, /^the place of the mailslot app\/events in .* was removed/);
  assert.deepEqual(await told, { name: 'app/events', end: 'slot', error });
  await client.write('after');
  assert.deepEqual([slot.tryRead()?.text(), slot.tryRead()?.text()], ['before', 'after']);
  await slot.close();
  assert.equal(await slot.closed, error, 'the first reason counts');
});

test('a slot that takes its place again is not closed', onUnix, async (t) => {
  const root = temporaryRoot(t);
  const clock = new VirtualClock();
  const ports = portsWith(clock);
  const name = parseName('app/events');
  const space = folderSpace(root, ports);
  const slot = closedAfter(t, await Mailslot.create(name, space, slotSettings({}), ports));
  rmSync(dirname(space.locate(name) ?? assert.fail('not found')), { recursive: true });
  clock.advance(60_000);
  (await clientOf(t, slot, { wait: 60_000 })).unref();
  assert.equal(await stateOf(slot.closed), 'pending');
  await slot.close();
  assert.equal(await slot.closed, undefined);
});

test('a slot whose place cannot be given back is closed by its owner all the same', async (t) => {
  const space = folderSpace(temporaryRoot(t), realPorts);
  const stubborn: NameSpace = {
    ...space,
    async claim(...claimed) {
      const place = await space.claim(...claimed);
      const release = (): void => {
        place.release();
        throw new MailslotError('ERR_MAILSLOT_ACCESS_DENIED', 'cannot clear away');
      };
      return { ...place, release };
    },
  };
  const slot = await Mailslot.create(parseName('a'), stubborn, slotSettings({}), realPorts);
  await assert.rejects(slot.close(), { code: 'ERR_MAILSLOT_ACCESS_DENIED' });
  assert.equal(await slot.closed, undefined);
});

test('a slot outlives what brings it the messages of other computers', async (t) => {
  const root = temporaryRoot(t);
  const feeder = createServer((socket) => socket.destroy());
  const path = join(root, 'feeder');
  await new Promise<void>((resolve) => feeder.listen(path, resolve));
  t.after(() => feeder.close());
  const space = folderSpace(root, realPorts);
  let gone = Promise.resolve();
  const connectFeed = (serve: (socket: Socket) => void) => {
    const socket = connect(path);
    gone = new Promise((resolve) => socket.once('close', () => resolve()));
    serve(socket);
    return { ready: Promise.resolve(), close: () => void socket.destroy() };
  };
  const slot = closedAfter(
    t,
    await Mailslot.create(parseName('a'), space, slotSettings({}), realPorts, connectFeed),
  );
  await gone;
  assert.equal(await stateOf(slot.closed), 'pending');
});

test('who waits for the end of a slot or a client does not keep the process alive', async (t) => {
  const { code, stdout, stderr } = await runModule(temporaryRoot(t), [
    `const slot = (await mailslot.createMailslot('a', { root })).unref();`,
    `const client = (await mailslot.openMailslot('a', { root })).unref();`,
    `for (const end of [slot, client]) end.closed.then(() => console.log('ended'));`,
  ]);
  assert.deepEqual([code, stdout], [0, ''], stderr);
});
