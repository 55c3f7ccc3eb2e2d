import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { OnMessage } from '../verifier.js';
import type { Ends, Place, Receiver, Sender } from './contestant.js';

/** The path of a socket of that name. */
export function socketPath(at: Place, slot: string): string {
  return join(at.folder, `${slot}.sock`);
}

/** Length in front, one `write` a message, and `Buffer.concat` to put the chunks together: what most people write. */
export const netPlain: Ends = {
  receive: (at, slot, onMessage) => listen(at, slot, (socket) => parse(socket, onMessage)),
  open: async (at, slot) => new FrameSender(await connected(at, slot)),
};

/** As `netPlain`, but the reader sends each message back, and the writer waits for that: a ping-pong. */
export const netEcho: Ends = {
  receive: (at, slot, onMessage) =>
    listen(at, slot, (socket) =>
      parse(socket, (bytes, start, end) => {
        onMessage(bytes, start, end);
        socket.write(frameOf(bytes.subarray(start, end)));
      }),
    ),
  open: async (at, slot) => new EchoedSender(await connected(at, slot)),
};

export function frameOf(body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.set(body, 4);
  return frame;
}

async function listen(at: Place, slot: string, serve: (socket: Socket) => void): Promise<Receiver> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket);
  });
  server.listen({ path: socketPath(at, slot), backlog: 1024 });
  await once(server, 'listening');
  return { close: () => closeAll(server, sockets) };
}

export async function closeAll(server: Server, sockets: Iterable<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  const closed = once(server, 'close');
  server.close();
  await closed;
}

export async function connected(at: Place, slot: string): Promise<Socket> {
  const socket = connect(socketPath(at, slot));
  await once(socket, 'connect');
  return socket;
}

function parse(socket: Socket, onMessage: OnMessage): void {
  let buffer: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    let at = 0;
    while (buffer.length - at >= 4) {
      const end = at + 4 + buffer.readUInt32LE(at);
      if (end > buffer.length) break;
      const body = buffer.subarray(at + 4, end);
      onMessage(body, 0, body.length);
      at = end;
    }
    buffer = buffer.subarray(at);
  });
}

class FrameSender implements Sender {
  protected readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  send(body: Buffer): Promise<unknown> | undefined {
    return this.socket.write(frameOf(body)) ? undefined : once(this.socket, 'drain');
  }

  flush(): undefined {}

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.end();
    // Who only writes must read too, to see the other side's end.
    this.socket.resume();
    await closed;
  }
}

class EchoedSender extends FrameSender {
  private echoed = (): void => {};

  constructor(socket: Socket) {
    super(socket);
    parse(socket, () => this.echoed());
  }

  override send(body: Buffer): Promise<void> {
    this.socket.write(frameOf(body));
    return new Promise((resolve) => {
      this.echoed = resolve;
    });
  }
}
