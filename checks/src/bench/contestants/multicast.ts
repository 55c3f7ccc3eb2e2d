import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Ends, Place, Sender } from './contestant.js';

/** Not ours: nobody must hear both. */
const GROUP = '239.255.77.84';
/** Sent and not yet taken by the system. More at once bring nothing. */
const IN_FLIGHT = 200;
/** As much as ours asks for. */
const RECEIVE_BUFFER = 4 << 20;

/** One datagram a message, in clear, by a group of its own: what most people write. */
export const multicast: Ends = {
  async receive(at, _slot, onMessage) {
    const { address, port } = interfaceOf(at);
    const socket = createSocket({ type: 'udp4', reuseAddr: true, recvBufferSize: RECEIVE_BUFFER });
    socket.on('message', (message) => onMessage(message, 0, message.length));
    await bound(socket, port);
    socket.addMembership(GROUP, address);
    return { close: () => closed(socket) };
  },

  async open(at) {
    const { address, port, isLoopback } = interfaceOf(at);
    const socket = createSocket('udp4');
    await bound(socket, 0, address);
    socket.setMulticastInterface(address);
    socket.setMulticastTTL(isLoopback ? 0 : 1);
    return new MulticastSender(socket, port);
  },
};

class MulticastSender implements Sender {
  private readonly socket: Socket;
  private readonly port: number;
  private inFlight = 0;
  private problem: Error | undefined;
  private onTaken: () => void = () => {};
  private readonly taken = (error: Error | null): void => {
    this.problem ??= error ?? undefined;
    this.inFlight -= 1;
    this.onTaken();
  };

  constructor(socket: Socket, port: number) {
    this.socket = socket;
    this.port = port;
  }

  send(body: Buffer): Promise<void> | undefined {
    this.inFlight += 1;
    this.socket.send(body, this.port, GROUP, this.taken);
    return this.inFlight < IN_FLIGHT ? undefined : this.until(IN_FLIGHT / 2);
  }

  flush(): Promise<void> {
    return this.until(0);
  }

  close(): Promise<void> {
    return closed(this.socket);
  }

  private async until(inFlight: number): Promise<void> {
    while (this.inFlight > inFlight) {
      await new Promise<void>((resolve) => {
        this.onTaken = () => this.inFlight <= inFlight && resolve();
      });
    }
    if (this.problem) throw this.problem;
  }
}

function interfaceOf({ lan }: Place): { address: string; port: number; isLoopback: boolean } {
  const infos = networkInterfaces()[lan?.interface ?? ''] ?? [];
  const info = infos.find(({ family }) => family === 'IPv4');
  if (lan === undefined || info === undefined) throw new Error('multicast needs an interface with IPv4');
  return { address: info.address, port: lan.port, isLoopback: info.internal };
}

async function bound(socket: Socket, port: number, address?: string): Promise<void> {
  socket.bind(port, address);
  await once(socket, 'listening');
}

async function closed(socket: Socket): Promise<void> {
  const gone = once(socket, 'close');
  socket.close();
  await gone;
}
