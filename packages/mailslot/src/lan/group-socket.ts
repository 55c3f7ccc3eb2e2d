import type { Socket } from 'node:dgram';
import type { Family, InterfaceAddress } from './interfaces.js';
import { codeOf, type OnPacket, openUdp } from './udp.js';

export const GROUPS: Readonly<Record<Family, string>> = { IPv4: '239.255.77.83', IPv6: 'ff02::4d53' };

/** How one family's group is heard. */
export interface GroupState {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  /** Interfaces on which the group was joined. */
  readonly joined: readonly string[];
  /** Those on which it could not be, with the system's reason. */
  readonly refused: Readonly<Record<string, string>>;
  /** What the system gave of the receive buffer that was asked for. */
  readonly receiveBuffer: number;
}

/** The socket on the group's port, shared with other instances of the computer. */
export class GroupSocket {
  readonly family: Family;
  private readonly socket: Socket;
  private readonly port: number;
  /** Names of interfaces by the addresses that were joined with. */
  private joined = new Map<string, string>();
  private refused: Record<string, string> = {};

  static async open(
    family: Family,
    port: number,
    onPacket: OnPacket,
    onTrouble: () => void,
  ): Promise<GroupSocket> {
    const socket = await openUdp({ family, address: undefined, port, isShared: true }, (packet, from) =>
      onPacket(packet, from, undefined),
    );
    socket.on('error', onTrouble);
    return new GroupSocket(family, socket, port);
  }

  private constructor(family: Family, socket: Socket, port: number) {
    this.family = family;
    this.socket = socket;
    this.port = port;
  }

  /**
   * Joins the group on these ways of its family and leaves it on others. An interface that refuses is noted. Each time
   * all are tried: an interface that went and came back with the same address has forgotten us.
   *
   * @param joinBy joins by the socket of that way. Linux lets a socket join no more than 20 groups
   *   (`net.ipv4.igmp_max_memberships`), and hands this one what any other has joined.
   */
  join(ways: readonly InterfaceAddress[], joinBy: (way: InterfaceAddress, group: string) => void): void {
    const wanted = new Map(
      ways
        .filter(({ family, isMain }) => isMain && family === this.family)
        .map((way) => [memberAddress(way), way]),
    );
    for (const address of this.joined.keys()) {
      // It leaves by itself if the interface is gone.
      if (!wanted.has(address)) attempt(() => this.socket.dropMembership(GROUPS[this.family], address));
    }
    this.joined = new Map();
    this.refused = {};
    for (const [address, way] of wanted) {
      const group = GROUPS[this.family];
      let problem = attempt(() => this.socket.addMembership(group, address));
      if (problem === 'ENOBUFS' && process.platform === 'linux') problem = attempt(() => joinBy(way, group));
      if (problem === undefined || problem === 'EADDRINUSE') this.joined.set(address, way.interface);
      else this.refused[way.interface] = problem;
    }
  }

  close(): void {
    this.socket.close();
  }

  get state(): GroupState {
    const joined = [...this.joined.values()];
    const { family, port, refused } = this;
    const receiveBuffer = this.socket.getRecvBufferSize();
    return { family, address: GROUPS[family], port, joined, refused, receiveBuffer };
  }
}

/** What an interface is called where a group is joined. */
export function memberAddress({ family, address, zone }: InterfaceAddress): string {
  return family === 'IPv4' ? address : `::%${zone}`;
}

function attempt(step: () => void): string | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}
