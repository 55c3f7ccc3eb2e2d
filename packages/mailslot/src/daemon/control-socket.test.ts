import assert from 'node:assert/strict';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { nextLine } from '../daemon-client/lines.js';
import { locateRedirector } from '../daemon-client/locate.js';
import { callRedirector, createMailslot } from '../index.js';
import { PLACE_CHECK_MS } from '../limits.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { folderOf } from '../msfs/namespace/folder-finder.js';
import { folderSpace } from '../msfs/namespace/folder-space.js';
import { REDIRECTOR } from '../msfs/namespace/reserved.js';
import { closedAfter, portsWith, temporaryRoot } from '../msfs/temp-root.test.support.js';
import { encodeLine, LineParser } from '../msfs/wire/preface.js';
import { parseName } from '../name/slot-name.js';
import { realPorts } from '../ports/ports.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { ControlSocket } from './control-socket.js';
import { computer, newDomain } from './daemon.test.support.js';

const onUnix = { skip: process.platform === 'win32' && 'pipes have no time to set' };

test('the messages of a slot that is not there are nobody’s', onUnix, async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  const caller = call(t, root, { do: 'attach', slot: 'later', remote: 'domain' });
  assert.match(JSON.stringify(await caller.next()), /ERR_MAILSLOT_NOT_FOUND/);
});

test('of those who prove to own a slot the latest has its messages', onUnix, async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  closedAfter(t, await createMailslot('a', { root }));
  const callers = [1, 2].map(() => call(t, root, { do: 'attach', slot: 'A', remote: 'domain' }));
  for (const caller of callers) {
    const { mark } = await caller.next();
    findSlots(root).mark(parseName('a'), Number(mark));
    caller.socket.write(encodeLine({ marked: true }));
    assert.equal((await caller.next())['ok'], true);
  }
  const [first, second] = callers.map(({ socket }) => socket) as [Socket, Socket];
  first.resume();
  if (!first.destroyed) await once(first, 'close');
  assert.equal(second.destroyed, false);
});

for (const order of ['stop', 'reload'] as const) {
  test(`who does not prove to own the redirector cannot have it ${order}`, onUnix, async (t) => {
    const { root } = await computer(t, 'ALPHA', []);
    const caller = call(t, root, { do: order });
    assert.equal(typeof (await caller.next())['mark'], 'number');
    caller.socket.write(encodeLine({ marked: true }));
    assert.match(JSON.stringify(await caller.next()), /ERR_MAILSLOT_ACCESS_DENIED/);
    assert.equal((await callRedirector({ do: 'status' }, { root }).next()).value?.['computer'], 'ALPHA');
  });
}

test('owners who show at once to be that are all believed', onUnix, async (t) => {
  const { root } = await computer(t, 'ALPHA', []);
  const reload = async (): Promise<void> => {
    for await (const _ of callRedirector({ do: 'reload' }, { root }));
  };
  for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 5 }, reload));
});

test('who proves to own a slot while its time is set by somebody else is asked again', onUnix, async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  closedAfter(t, await createMailslot('a', { root }));
  const caller = call(t, root, { do: 'attach', slot: 'a', remote: 'domain' });
  const slots = findSlots(root);
  const { mark } = await caller.next();
  slots.mark(parseName('a'), Number(mark));
  slots.mark(parseName('a'), 1_000);
  caller.socket.write(encodeLine({ marked: true }));
  const again = await caller.next();
  assert.equal(typeof again['mark'], 'number');
  slots.mark(parseName('a'), Number(again['mark']));
  caller.socket.write(encodeLine({ marked: true }));
  assert.equal((await caller.next())['ok'], true);
});

test('a redirector whose place was removed notices it', onUnix, async (t) => {
  const root = temporaryRoot(t);
  const clock = new VirtualClock();
  const ports = portsWith(clock);
  const controlSocket = closedAfter(t, await ControlSocket.open(folderSpace(root, ports), ports));
  let lost = 0;
  controlSocket.onLost(() => {
    lost += 1;
  });
  clock.advance(PLACE_CHECK_MS);
  assert.equal(lost, 0);
  const place = folderOf(root, REDIRECTOR);
  renameSync(place, `${place}-gone`);
  clock.advance(PLACE_CHECK_MS);
  assert.equal(lost, 1);
});

interface Caller {
  readonly socket: Socket;
  next(): Promise<Record<string, unknown>>;
}

/** Asks as a program without the library would. */
function call(t: TestContext, root: string, question: object): Caller {
  const socket = connect(locateRedirector(findSlots(root)) as string);
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  const lines = new LineParser();
  socket.write(encodeLine(question));
  return { socket, next: () => nextLine(socket, lines, 'the redirector', realPorts.clock) };
}
