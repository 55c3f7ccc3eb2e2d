import type { RemoteInfo, Socket } from 'node:dgram';
import { LAN_UNICAST_PORTS, LAN_UNSENT } from '../limits.js';
import { memberAddress } from './group-socket.js';
import { type InterfaceAddress, Neighbourhood } from './interfaces.js';
import { type Binding, codeOf, type OnPacket, openUdp } from './udp.js';
import type { UdpAddress } from './udp-address.js';

/** After these a socket is of no use any more: its interface went, and perhaps came back as another. */
const FATAL = ['ENODEV', 'ENXIO', 'EADDRNOTAVAIL', 'EBADF'];

const LOOPBACK_TTL = 0;
const LINK_TTL = 1;

/** What became of what was sent by one interface and family. */
export interface InterfaceState {
  readonly interface: string;
  readonly family: InterfaceAddress['family'];
  readonly address: string;
  /** The port for what is for this instance alone. */
  readonly port: number;
  readonly packetsSent: number;
  /** Packets that the system refused, or that did not fit into what waits for a slow interface. */
  readonly packetsLost: number;
  /** The last reason that the system gave, as `ENETUNREACH`, if any. */
  readonly lastError: string | undefined;
}

/** The socket of one interface and family: sends everything, and receives what is for this instance alone. */
export class InterfaceSocket {
  readonly way: InterfaceAddress;
  readonly address: UdpAddress;
  private readonly socket: Socket;
  private readonly neighbourhood: Neighbourhood;
  private readonly onTrouble: () => void;
  private packetsSent = 0;
  private packetsLost = 0;
  private lastError: string | undefined;
  /** Whether it should be opened anew. */
  isBroken = false;
  /** Bytes that the system has not taken. */
  private unsent = 0;
  private readonly onIdle: (() => void)[] = [];

  /**
   * @param firstPort of those that are tried one after the other; 0: the system chooses
   * @param onTrouble is called when the interface may have changed.
   */
  static async open(
    way: InterfaceAddress,
    firstPort: number,
    onPacket: OnPacket,
    onTrouble: () => void,
  ): Promise<InterfaceSocket> {
    const { family, zone } = way;
    const address = way.address.startsWith('fe80:') ? `${way.address}%${zone}` : way.address;
    const socket = await openFirst({ family, address, port: firstPort, isShared: false }, (packet, from) =>
      onPacket(packet, from, at),
    );
    const at = { family, address: way.address, port: socket.address().port };
    try {
      socket.setMulticastInterface(family === 'IPv4' ? way.address : `::%${zone}`);
      socket.setMulticastTTL(way.isLoopback ? LOOPBACK_TTL : LINK_TTL);
      socket.setTTL(LINK_TTL);
      socket.setMulticastLoopback(true);
    } catch (error) {
      socket.close();
      throw error;
    }
    return new InterfaceSocket(way, socket, at, onTrouble);
  }

  private constructor(way: InterfaceAddress, socket: Socket, address: UdpAddress, onTrouble: () => void) {
    this.way = way;
    this.address = address;
    this.socket = socket;
    this.neighbourhood = new Neighbourhood([way]);
    this.onTrouble = onTrouble;
    socket.on('error', (error) => this.failed(error));
  }

  get isFull(): boolean {
    return this.unsent > LAN_UNSENT;
  }

  reaches({ address }: Pick<RemoteInfo, 'address'>): boolean {
    return this.neighbourhood.has(address, this.way.family);
  }

  /** Joins a group on its interface. Throws the system's error. */
  join(group: string): void {
    this.socket.addMembership(group, memberAddress(this.way));
  }

  /** Never throws: what fails is counted, and the interfaces are looked at. */
  send(packet: readonly Buffer[], size: number, port: number, address: string): void {
    if (this.isFull) {
      this.packetsLost += 1;
      return;
    }
    this.unsent += size;
    this.packetsSent += 1;
    this.socket.send(packet, port, address, (error) => {
      this.unsent -= size;
      if (error) this.failed(error);
      if (this.unsent === 0) for (const resolve of this.onIdle.splice(0)) resolve();
    });
  }

  /** Sends what may fail: to an address of which it is not known whether a way leads there. */
  tryOut(packet: readonly Buffer[], port: number, address: string): void {
    if (this.isFull) return;
    this.socket.send(packet, port, address, () => {});
  }

  /** Resolves when the system has taken what was sent. */
  async idle(): Promise<void> {
    if (this.unsent > 0) await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }

  close(): void {
    this.socket.close();
    for (const resolve of this.onIdle.splice(0)) resolve();
  }

  get state(): InterfaceState {
    const { way, packetsSent, packetsLost, lastError } = this;
    const { port } = this.address;
    return {
      interface: way.interface,
      family: way.family,
      address: way.address,
      port,
      packetsSent,
      packetsLost,
      lastError,
    };
  }

  private failed(error: Error): void {
    this.packetsLost += 1;
    this.lastError = codeOf(error);
    this.isBroken ||= FATAL.includes(this.lastError);
    this.onTrouble();
  }
}

/** On the first port that is free, from `port` on; where none is, on one that the system chooses. */
async function openFirst(binding: Binding, onPacket: Parameters<typeof openUdp>[1]): Promise<Socket> {
  const last = binding.port + LAN_UNICAST_PORTS;
  for (let port = binding.port; port > 0 && port < last; port += 1) {
    try {
      return await openUdp({ ...binding, port }, onPacket);
    } catch (error) {
      // Taken; or a port that only root may have, as may the next ones.
      if (codeOf(error) !== 'EADDRINUSE') break;
    }
  }
  return openUdp({ ...binding, port: 0 }, onPacket);
}
