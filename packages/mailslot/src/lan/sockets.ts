import { networkInterfaces } from 'node:os';
import { LAN_BASE_PACKET, LAN_PEER_ADDRESSES, MAX_PACKET } from '../limits.js';
import { GROUPS, GroupSocket, type GroupState } from './group-socket.js';
import { InterfaceSocket, type InterfaceState } from './interface-socket.js';
import {
  type Family,
  type InterfaceAddress,
  type InterfaceChoice,
  interfaceAddresses,
  leftOutOf,
  missingOf,
  Neighbourhood,
} from './interfaces.js';
import type { Target } from './peers.js';
import { codeOf, type OnPacket } from './udp.js';
import type { UdpAddress } from './udp-address.js';

/** What the sockets are opened with. */
export interface SocketOptions extends InterfaceChoice {
  readonly port: number;
  /** See `LanOptions`. */
  readonly unicastPort: number;
  readonly onPacket: OnPacket;
  /** A send failed or a socket broke: the interfaces should be looked at soon. */
  readonly onTrouble: () => void;
  /** Interfaces came, went or changed: what was known of the ways by them is void. Some may be left out. */
  readonly onChange: (leftOut: readonly string[]) => void;
}

/** How the sockets stand. */
export interface SocketsState {
  readonly ways: readonly InterfaceState[];
  readonly groups: readonly GroupState[];
  /** Interfaces that were chosen and are not there. */
  readonly missing: readonly string[];
  /** Interfaces that are up and not used, since there are too many. */
  readonly leftOut: readonly string[];
  /** How long a packet may be that nothing was shown of. */
  readonly basePacket: number;
  /** What could not be opened, and the system's reason. */
  readonly problems: Readonly<Record<string, string>>;
}

/** What can be done with {@link Sockets}, whatever they are made of. */
export type LanSockets = Pick<Sockets, keyof Sockets>;

/**
 * The sockets of one domain: one for each interface and family, and one on the group's port for each family.
 *
 * Where interfaces were chosen, packets from elsewhere are not looked at: Linux hands a socket what any process of the
 * computer has joined.
 */
export class Sockets {
  private readonly options: SocketOptions;
  private readonly ways = new Map<string, InterfaceSocket>();
  private readonly groups = new Map<Family, GroupSocket>();
  /** How often a packet comes: by each interface that is there, once for each of its families. */
  mainCount = 0;
  private neighbourhood = new Neighbourhood([]);
  private missing: readonly string[] = [];
  private leftOut: readonly string[] = [];
  /** What the ways are like, to see when that changes. */
  private outline = '';
  /** How long a packet may be that nothing was shown of. */
  basePacket: number = LAN_BASE_PACKET;
  private problems: Record<string, string> = {};

  constructor(options: SocketOptions) {
    this.options = options;
  }

  /** Opens what is new, closes what is gone. Returns the error if a group's port is not to be had. */
  async follow(): Promise<unknown> {
    const system = networkInterfaces();
    const ways = interfaceAddresses(system, this.options);
    this.missing = missingOf(system, this.options);
    this.leftOut = leftOutOf(system, this.options);
    this.neighbourhood = new Neighbourhood(ways);
    const isOnLoopback = ways.every(({ isLoopback }) => isLoopback);
    this.mainCount = ways.filter(({ isMain }) => isMain).length;
    // Within the computer nothing is cut or dropped for its length.
    const base = isOnLoopback ? MAX_PACKET : LAN_BASE_PACKET;
    this.basePacket = Math.min(base, ...ways.map(({ packetBytes }) => packetBytes));
    const outline = JSON.stringify(ways);
    if (outline !== this.outline) this.options.onChange(this.leftOut);
    this.outline = outline;
    this.problems = {};
    const wanted = new Map(ways.map((way) => [nameOf(way), way]));
    for (const [name, socket] of this.ways) {
      if (wanted.has(name) && !socket.isBroken) continue;
      this.ways.delete(name);
      socket.close();
    }
    for (const [name, way] of wanted) if (!this.ways.has(name)) await this.openInterface(name, way);
    return this.openGroups(ways);
  }

  close(): void {
    for (const socket of [...this.ways.values(), ...this.groups.values()]) socket.close();
    this.ways.clear();
    this.groups.clear();
  }

  /** Resolves when the system has taken what was sent. */
  async idle(): Promise<void> {
    await Promise.all(Array.from(this.ways.values(), (socket) => socket.idle()));
  }

  get isOpen(): boolean {
    return this.ways.size > 0;
  }

  /** Whether the group's port is open in some family. */
  get isHeard(): boolean {
    return this.groups.size > 0;
  }

  /** Whether no way takes anything more at the moment. One that is slower than others loses packets instead. */
  get isFull(): boolean {
    for (const socket of this.ways.values()) if (!socket.isFull) return false;
    return this.isOpen;
  }

  toGroup(packet: readonly Buffer[], size: number): void {
    for (const socket of this.ways.values()) {
      if (socket.way.isMain) socket.send(packet, size, this.options.port, GROUPS[socket.way.family]);
    }
  }

  /** False: there is no way to that address. */
  toOne(packet: readonly Buffer[], size: number, to: Target): boolean {
    const socket = this.socketTo(to);
    socket?.send(packet, size, to.port, to.address);
    return socket !== undefined;
  }

  /** To an address of which it is not known whether a way leads there. */
  tryOne(packet: readonly Buffer[], to: Target): void {
    this.socketTo(to)?.tryOut(packet, to.port, to.address);
  }

  /** Whether an address is in the subnet, or on the link, of an interface of ours. */
  isNear({ address, family }: Target): boolean {
    return this.neighbourhood.has(address, family);
  }

  /** Where we can be reached. */
  get addresses(): UdpAddress[] {
    return Array.from(this.ways.values(), ({ address }) => address)
      .filter(({ address }) => !address.startsWith('127.') && address !== '::1')
      .slice(0, LAN_PEER_ADDRESSES);
  }

  /** Where somebody else can be reached who has these addresses, as far as they are near. */
  targetsOf(addresses: readonly UdpAddress[]): Target[] {
    const zones = new Set(
      Array.from(this.ways.values(), ({ way }) => way.zone).filter((zone) => zone !== ''),
    );
    const targets = addresses.flatMap((each): Target[] =>
      each.address.startsWith('fe80:')
        ? Array.from(zones, (zone) => ({ ...each, address: `${each.address}%${zone}` }))
        : [each],
    );
    return targets.filter((target) => target.port !== 0 && this.isNear(target)).slice(0, LAN_PEER_ADDRESSES);
  }

  get state(): SocketsState {
    return {
      ways: Array.from(this.ways.values(), ({ state }) => state),
      groups: Array.from(this.groups.values(), ({ state }) => state),
      missing: this.missing,
      leftOut: this.leftOut,
      basePacket: this.basePacket,
      problems: this.problems,
    };
  }

  private socketTo(to: Target): InterfaceSocket | undefined {
    let other: InterfaceSocket | undefined;
    for (const socket of this.ways.values()) {
      if (socket.way.family !== to.family) continue;
      if (socket.reaches(to)) return socket;
      other ??= socket;
    }
    // An address of this link needs a socket of this link.
    return to.address.includes('%') ? undefined : other;
  }

  private async openGroups(ways: readonly InterfaceAddress[]): Promise<unknown> {
    let failure: unknown;
    for (const family of ['IPv4', 'IPv6'] as const) {
      if (!ways.some((way) => way.family === family)) {
        this.closeGroup(family);
        continue;
      }
      try {
        await this.openGroup(family);
        this.groups.get(family)?.join(ways, (way, group) => this.ways.get(nameOf(way))?.join(group));
      } catch (error) {
        failure = error;
        this.problems[`${family} port ${this.options.port}`] = codeOf(error);
      }
    }
    return failure;
  }

  private async openGroup(family: Family): Promise<void> {
    if (this.groups.has(family)) return;
    const { port, onTrouble } = this.options;
    const broken = (): void => {
      this.closeGroup(family);
      onTrouble();
    };
    this.groups.set(family, await GroupSocket.open(family, port, this.heard(family), broken));
  }

  private closeGroup(family: Family): void {
    this.groups.get(family)?.close();
    this.groups.delete(family);
  }

  private async openInterface(name: string, way: InterfaceAddress): Promise<void> {
    try {
      this.ways.set(name, await this.interfaceSocket(way));
    } catch (error) {
      this.problems[`${way.interface} ${way.address}`] = codeOf(error);
    }
  }

  private interfaceSocket(way: InterfaceAddress): Promise<InterfaceSocket> {
    const { unicastPort, onTrouble } = this.options;
    return InterfaceSocket.open(way, unicastPort, this.heard(way.family), onTrouble);
  }

  private heard(family: Family): OnPacket {
    const { interfaces, onPacket } = this.options;
    if (interfaces === undefined) return onPacket;
    return (packet, from, at) => {
      if (this.neighbourhood.has(from.address, family)) onPacket(packet, from, at);
    };
  }
}

/** Another address is another way. */
function nameOf({ interface: name, family, address }: InterfaceAddress): string {
  return `${name} ${family} ${address}`;
}
