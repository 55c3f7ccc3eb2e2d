import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseName } from '../../name/slot-name.js';
import { realPorts } from '../../ports/ports.js';
import type { MailslotClient } from '../client/client.js';
import { listSlots } from '../list.js';
import { openClient } from '../open.js';
import { type CreateOptions, type OpenOptions, slotSettings } from '../options.js';
import { Mailslot } from '../server/slot.js';
import { closedAfter, temporaryRoot } from '../temp-root.test.support.js';
import { type PipeSystem, pipeFinder, pipesOfWindows } from './pipe-finder.js';
import { pipeSpace } from './pipe-space.js';

/*
 * Windows' named pipes, imitated by the abstract sockets of Linux: both are names in the system and not in a folder,
 * belong to one server at a time, and vanish with it.
 */
const abstractSockets: PipeSystem = {
  prefix: '\0',
  names: () => {
    // Node 20 fills up the name with NULs, which are shown as @ too.
    const paths = readFileSync('/proc/net/unix', 'latin1').matchAll(/ @(\S+?)@*$/gm);
    return [...new Set(Array.from(paths, ([, name]) => name as string))];
  },
};

const only = { skip: process.platform !== 'linux' && 'abstract sockets are of Linux' };

/** A root is only a word here; one of this test's own. */
const spaceOf = (t: Parameters<typeof temporaryRoot>[0]): ReturnType<typeof pipeSpace> =>
  pipeSpace(temporaryRoot(t), abstractSockets);

type Space = ReturnType<typeof pipeSpace>;

const create = (space: Space, name: string, options: CreateOptions = {}): Promise<Mailslot> =>
  Mailslot.create(parseName(name), space, slotSettings(options), realPorts);

const open = (space: Space, name: string, options: OpenOptions = {}): Promise<MailslotClient> =>
  openClient(parseName(name), space, options, realPorts);

test('messages go through a pipe as through a folder', only, async (t) => {
  const space = spaceOf(t);
  const slot = closedAfter(t, await create(space, 'App/Events'));
  const client = closedAfter(t, await open(space, '\\\\.\\mailslot\\APP\\events'));
  const bodies = ['', 'small', 'x'.repeat(1 << 20)];
  await client.writeMany(bodies);
  for (const body of bodies) assert.equal((await slot.read()).text(), body);
  assert.equal((await client.info()).name, 'App/Events');
});

test('a name belongs to one server at a time', only, async (t) => {
  const space = spaceOf(t);
  const creations = await Promise.allSettled(
    ['a', 'A', 'a', '//./mailslot/a'].map((name) => create(space, name)),
  );
  const won = creations.filter((creation) => creation.status === 'fulfilled');
  for (const { value } of won) closedAfter(t, value);
  assert.equal(won.length, 1);
  for (const creation of creations) {
    if (creation.status === 'fulfilled') continue;
    assert.equal(creation.reason.code, 'ERR_MAILSLOT_ALREADY_EXISTS');
  }
});

test('a slot that was closed is gone, and its name is free', only, async (t) => {
  const space = spaceOf(t);
  const slot = await create(space, 'a');
  const closing = slot.close();
  const next = closedAfter(t, await create(space, 'a'));
  await closing;
  await next.close();
  await assert.rejects(open(space, 'a'), { code: 'ERR_MAILSLOT_NOT_FOUND' });
  assert.deepEqual(await listSlots(space, {}, realPorts), []);
});

test('the slots of a root are listed, those of another are not', only, async (t) => {
  const [space, other] = [spaceOf(t), spaceOf(t)];
  for (const name of ['b', 'a']) closedAfter(t, await create(space, name));
  closedAfter(t, await create(other, 'a'));
  closedAfter(t, await open(space, 'a'));
  const entries = await listSlots(space, {}, realPorts);
  assert.deepEqual(
    entries.map(({ name, info }) => [name, info?.writers]),
    [
      ['a', 1],
      ['b', 0],
    ],
  );
});

test('Windows lists its pipes by bytes, which no version of Node takes for a path to tidy up', () => {
  const asked: unknown[] = [];
  const system = pipesOfWindows((path) => {
    asked.push(path);
    return ['InitShutdown', 'mailslot-bc405baa-7bf007f3d23c200c4d4c9d45543d2cfd'];
  });
  const slots = pipeFinder('\\\\.\\pipe\\mailslot', system);
  const path = '\\\\.\\pipe\\mailslot-bc405baa-7bf007f3d23c200c4d4c9d45543d2cfd';
  assert.deepEqual(
    slots.list().map((place) => place.find()),
    [path],
  );
  assert.deepEqual(asked, [Buffer.from('\\\\.\\pipe\\')]);
  assert.equal(slots.locate(parseName('a')), path);
  assert.equal(slots.isPlaceOf(parseName('A'), path), true);
  assert.equal(slots.isPlaceOf(parseName('b'), path), false);
  assert.equal(slots.lookAt(path)?.owner, undefined);
});

test('a name is another slot in another root', only, async (t) => {
  const [space, other] = [spaceOf(t), spaceOf(t)];
  const slots = [closedAfter(t, await create(space, 'a')), closedAfter(t, await create(other, 'a'))];
  await closedAfter(t, await open(other, 'a')).write('for the other');
  assert.deepEqual(
    slots.map((slot) => slot.info().messageCount),
    [0, 1],
  );
});

test('there is no group to admit', only, async (t) => {
  const space = spaceOf(t);
  await assert.rejects(create(space, 'a', { access: 'group' }), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
  closedAfter(t, await create(space, 'a'));
});

test('who waits for a slot is let in, although nothing tells of changes', only, async (t) => {
  const space = spaceOf(t);
  const opening = open(space, 'a', { wait: 60_000 });
  closedAfter(t, await create(space, 'a'));
  closedAfter(t, await opening);
  await assert.rejects(open(space, 'b', { wait: 1 }), { code: 'ERR_MAILSLOT_TIMEOUT' });
});
