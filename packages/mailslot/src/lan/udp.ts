import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { LAN_RECEIVE_BUFFER } from '../limits.js';
import type { Family } from './interfaces.js';
import type { UdpAddress } from './udp-address.js';

/** @param at the address of ours that it was sent to; `undefined`: the group */
export type OnPacket = (packet: Buffer, from: RemoteInfo, at: UdpAddress | undefined) => void;

/** Where a socket is bound. */
export interface Binding {
  readonly family: Family;
  /** Undefined: all addresses. */
  readonly address: string | undefined;
  /** 0: the system chooses. */
  readonly port: number;
  /** Whether others may be bound to the same port. */
  readonly isShared: boolean;
}

/** A bound socket, which calls back for each packet. Rejects with the system's error. */
export async function openUdp(
  binding: Binding,
  onPacket: (packet: Buffer, from: RemoteInfo) => void,
): Promise<Socket> {
  const { family, address, port, isShared } = binding;
  const socket = createSocket({
    type: family === 'IPv4' ? 'udp4' : 'udp6',
    reuseAddr: isShared,
    ipv6Only: family === 'IPv6',
    lookup: takeAsAddress,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ port, exclusive: true, ...(address !== undefined && { address }) }, () => {
        socket.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    socket.close();
    throw error;
  }
  askForBuffer(socket);
  socket.on('message', onPacket);
  return socket;
}

/** All we send to is addresses, and Node's own look at them costs as much as a short message. */
function takeAsAddress(
  address: string,
  family: unknown,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  callback(null, address, family as number);
}

/** Linux gives what it allows; others may refuse what is over their bound, so that we ask for less. */
function askForBuffer(socket: Socket): void {
  for (let size = LAN_RECEIVE_BUFFER; size >= 0x1_0000; size /= 2) {
    try {
      socket.setRecvBufferSize(size);
      return;
    } catch {
      // The next smaller one.
    }
  }
}

/** What an error of the system is called, to be shown: `ENETUNREACH`. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
