/** The part of node-ipc that the bench uses; the package has no declarations of its own. */
declare module 'node-ipc' {
  import type { Socket } from 'node:net';

  interface Emitter {
    on(event: string, listener: (data: never) => void): void;
  }

  interface Client extends Emitter {
    readonly socket: Socket;
    emit(event: string, data: unknown): boolean;
  }

  interface Server extends Emitter {
    start(): void;
    stop(): void;
  }

  export class IPCModule {
    readonly config: Record<string, unknown>;
    readonly of: Record<string, Client>;
    readonly server: Server;
    serve(path: string, started: () => void): void;
    connectTo(id: string, path: string, connected: () => void): void;
  }
}
