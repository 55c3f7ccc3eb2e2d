import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Ends } from './contestant.js';
import { loadLibrary } from './library.js';
import { socketPath } from './net-plain.js';

/** The part of it that is used. */
interface NodeIpc {
  readonly IPCModule: new () => IPCModule;
}

interface IPCModule {
  readonly config: Record<string, unknown>;
  readonly of: Record<
    string,
    Emitter & { readonly socket: Socket; emit(event: string, data: unknown): boolean }
  >;
  readonly server: Emitter & { start(): void; stop(): void };
  serve(path: string, started: () => void): void;
  connectTo(id: string, path: string, connected: () => void): void;
}

interface Emitter {
  on(event: string, listener: (data: never) => void): void;
}

const { IPCModule } = await loadLibrary<NodeIpc>('node-ipc');

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
