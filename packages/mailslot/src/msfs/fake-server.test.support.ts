import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { SlotFinder } from './namespace/name-space.js';
import { temporaryRoot } from './temp-root.test.support.js';

/** Finds every name at one path. */
export function finderOf(path: string): SlotFinder {
  return {
    root: 'the test',
    locate: () => path,
    list: () => [{ owner: undefined, find: () => path }],
    lookAt: () => ({ owner: undefined, identity: path }),
    lookFor: () => ({ owner: undefined, identity: path }),
    isPlaceOf: () => true,
    mark() {},
    markOf: () => undefined,
    watch: () => () => {},
  };
}

/** A server of the test's own behind a finder of slots; connections that are left are cut off after the test. */
export async function listening(t: TestContext, server: Server): Promise<SlotFinder> {
  const path = join(temporaryRoot(t), 'socket');
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return finderOf(path);
}

/** A server that says what `greet` writes; what clients send is added to `heard`. */
export async function fakeServer(
  t: TestContext,
  greet: (socket: Socket) => void,
): Promise<{ finder: SlotFinder; heard: Buffer[]; sockets: Socket[] }> {
  const heard: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (chunk) => heard.push(chunk));
    socket.on('error', () => {});
    greet(socket);
  });
  return { finder: await listening(t, server), heard, sockets };
}
