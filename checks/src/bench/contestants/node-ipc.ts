import { once } from 'node:events';
import { IPCModule } from 'node-ipc';
import type { Ends } from './contestant.js';
import { socketPath } from './net-plain.js';

const SERVER = 'server';

/** Its raw buffers are a stream of bytes without boundaries, so messages go as events: JSON, bytes as base64. */
export const nodeIpc: Ends = {
  async receive(at, slot, onMessage) {
    const ipc = quietIpc();
    await new Promise<void>((resolve) => {
      ipc.serve(socketPath(at, slot), resolve);
      ipc.server.on('message', (text: string) => {
        const body = Buffer.from(text, 'base64');
        onMessage(body, 0, body.length);
      });
      ipc.server.start();
    });
    return { close: async () => ipc.server.stop() };
  },
  async open(at, slot) {
    const ipc = quietIpc();
    await new Promise<void>((resolve) => ipc.connectTo(SERVER, socketPath(at, slot), resolve));
    const client = ipc.of[SERVER];
    if (client === undefined) throw new Error('node-ipc did not connect');
    return {
      send: (body) =>
        client.emit('message', body.toString('base64')) ? undefined : once(client.socket, 'drain'),
      flush: () => undefined,
      async close() {
        const closed = once(client.socket, 'close');
        client.socket.end();
        await closed;
      },
    };
  },
};

function quietIpc(): IPCModule {
  const ipc = new IPCModule();
  ipc.config['silent'] = true;
  ipc.config['stopRetrying'] = true;
  return ipc;
}
