import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Scene } from '../../harness/scene.js';

/** An introduction as `nats-server` 2.9 sends it. */
const INFO = infoOf({});

export function infoOf(changes: Readonly<Record<string, unknown>>): string {
  const said = { server_id: 'X', version: '2.9.10', proto: 1, headers: true, max_payload: 1_048_576 };
  return `INFO ${JSON.stringify({ ...said, ...changes })}\r\n`;
}

/** What a server of an attacker does. */
export interface Attack {
  /** Instead of an introduction. */
  readonly greet?: (socket: Socket) => void;
  /** Once somebody is let in; `sid` is that of a subscription, as soon as there is one. */
  readonly attack?: (socket: Socket, sid: string) => void;
  /** Whether the server reads what it is sent after that; default: yes. */
  readonly isDeaf?: boolean;
}

/** Somebody on loopback who speaks NATS well enough to be believed, and then attacks; its URL. */
export async function hostileServer(at: Scene, attack: Attack): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    receive(socket, attack);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  at.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `nats://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function receive(socket: Socket, { greet, attack, isDeaf = false }: Attack): void {
  if (greet === undefined) socket.write(INFO);
  else greet(socket);
  let isAttacking = false;
  socket.on('data', (bytes: Buffer) => {
    const text = bytes.toString('latin1');
    if (text.includes('PING\r\n') && !isAttacking) socket.write('PONG\r\n');
    const [, sid] = /^SUB \S+ (\d+)\r$/m.exec(text) ?? [];
    if (sid === undefined || attack === undefined || isAttacking) return;
    isAttacking = true;
    if (isDeaf) socket.pause();
    attack(socket, sid);
  });
}
