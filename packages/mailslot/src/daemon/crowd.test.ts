import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { locateRedirector } from '../daemon-client/locate.js';
import {
  type ComputerEvent,
  callRedirector,
  type MailslotClient,
  openMailslot,
  watchComputers,
} from '../index.js';
import {
  DISCOVERY_MS,
  MAX_FINDING_CONNECTIONS,
  MAX_OPENED_CONNECTIONS,
  MAX_WATCHING_CONNECTIONS,
} from '../limits.js';
import { delay } from '../msfs/client/connect.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { closedAfter } from '../msfs/temp-root.test.support.js';
import { encodeLine } from '../msfs/wire/preface.js';
import { realPorts } from '../ports/ports.js';
import { computer, newDomain } from './daemon.test.support.js';

const onUnix = { skip: process.platform === 'win32' && 'a crowd of pipes is not made like this' };

test(
  'who watches is told that it had to make room, and never takes the room of who asks',
  onUnix,
  async (t) => {
    const { root } = await computer(t, 'ALPHA', []);
    const watch = callRedirector({ do: 'watch' }, { root });
    const next = watch.next();
    next.catch(() => {});
    await callRedirector({ do: 'status' }, { root }).next();
    const leave = await crowd(t, root, MAX_WATCHING_CONNECTIONS, () => ({ do: 'watch' }));
    await assert.rejects(next, { code: 'ERR_MAILSLOT_NO_RESOURCES' });
    await leave();
  },
);

test('watchComputers goes on after it had to make room', onUnix, async (t) => {
  const domain = newDomain().config;
  const { root } = await computer(t, 'ALPHA', [domain]);
  const ending = new AbortController();
  const seen: ComputerEvent[] = [];
  const watching = (async () => {
    for await (const event of watchComputers({ root, signal: ending.signal })) seen.push(event);
  })();
  let others = 0;
  // Until it watches nobody sees who comes.
  const untilSeen = async (): Promise<void> => {
    for (seen.length = 0; seen.length === 0; others += 1) {
      await computer(t, `OTHER${others}`, [domain]);
      await delay(realPorts.clock, DISCOVERY_MS);
    }
  };
  await untilSeen();
  const warned = once(process, 'warning');
  const leave = await crowd(t, root, MAX_WATCHING_CONNECTIONS, () => ({ do: 'watch' }));
  assert.match(String(((await warned) as [Error])[0].message), /watched again in a moment/);
  await leave();
  await untilSeen();
  ending.abort();
  await assert.rejects(watching, { name: 'AbortError' });
});

test('a client that had to make room before it wrote anything opens again by itself', onUnix, async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  const clients: MailslotClient[] = [];
  for (let at = 0; at < 3; at += 1) {
    clients.push(closedAfter(t, await openMailslot('//*/mailslot/a', { root })));
  }
  const leave = await crowd(t, root, MAX_OPENED_CONNECTIONS, () => ({ do: 'open', name: '//*/mailslot/zz' }));
  const [one, two, three] = clients;
  await one?.write('later');
  await Promise.all([two?.write('a'), two?.writeMany(['b', 'c'])]);
  while (!three?.post('d')) await three?.drained();
  await three?.close();
  assert.equal(three?.statistics().decided, 1);
  await leave();
});

test('who waits for a computer when many do is told what is known, and is not cut off', onUnix, async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  const opened = openMailslot('//NOPE/mailslot/a', { root });
  opened.catch(() => {});
  const leave = await crowd(t, root, 3 * MAX_FINDING_CONNECTIONS, (at) => ({
    do: 'open',
    name: `//NOBODY${at}/mailslot/x`,
  }));
  await assert.rejects(opened, { code: 'ERR_MAILSLOT_BAD_NETPATH' });
  closedAfter(t, await openMailslot('//ALPHA/mailslot/a', { root }));
  await leave();
});

/** Connections that have asked, and been answered or ended; returns how to end them all. */
async function crowd(t: TestContext, root: string, count: number, question: (at: number) => object) {
  const path = locateRedirector(findSlots(root)) as string;
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  const BATCH = 256;
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => {
      const socket = connect(path);
      sockets.push(socket);
      socket.on('error', () => {});
      socket.write(encodeLine(question(from + at)));
      return new Promise<void>((resolve) => {
        socket.once('data', () => resolve());
        socket.once('close', () => resolve());
      });
    });
    await Promise.all(batch);
  }
  return async (): Promise<void> => {
    await Promise.all(
      sockets.map((socket) => {
        if (socket.closed) return undefined;
        const closed = once(socket, 'close');
        socket.destroy();
        return closed;
      }),
    );
  };
}
