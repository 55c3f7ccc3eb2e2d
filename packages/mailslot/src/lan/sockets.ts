import type { RemoteInfo } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { GROUPS, GroupSocket, type GroupState } from './group-socket.js';
import {
  type Family,
  type InterfaceChoice,
  missingOf,
  Neighbourhood,
  type Way,
  waysOf,
} from './interfaces.js';
import { codeOf, type OnPacket } from './udp.js';
import { WaySocket, type WayState } from './way-socket.js';

/** What the sockets are opened with. */
export interface SocketOptions extends InterfaceChoice {
  readonly port: number;
  readonly onPacket: OnPacket;
  /** A send failed or a socket broke: the interfaces should be looked at soon. */
  readonly onTrouble: () => void;
}

/** How the sockets stand. */
export interface SocketsState {
  readonly ways: readonly WayState[];
  readonly groups: readonly GroupState[];
  /** Interfaces that were chosen and are not there. */
  readonly missing: readonly string[];
  /** What could not be opened, and the system's reason. */
  readonly problems: Readonly<Record<string, string>>;
}

/**
 * The sockets of one domain: one for each interface and family, and one on the group's port for each family.
 *
 * Where interfaces were chosen, packets from elsewhere are not looked at: Linux hands a socket what any process of the
 * computer has joined.
 */
export class Sockets {
  private readonly options: SocketOptions;
  private readonly ways = new Map<string, WaySocket>();
  private readonly groups = new Map<Family, GroupSocket>();
  /** Interfaces that are there, each once for each of its families; not all of them may be open. */
  wayCount = 0;
  private neighbourhood = new Neighbourhood([]);
  private missing: readonly string[] = [];
  private problems: Record<string, string> = {};

  constructor(options: SocketOptions) {
    this.options = options;
  }

  /** Opens what is new, closes what is gone. Returns the error if a group's port is not to be had. */
  async follow(): Promise<unknown> {
    const system = networkInterfaces();
    const ways = waysOf(system, this.options);
    this.missing = missingOf(system, this.options);
    this.neighbourhood = new Neighbourhood(ways);
    this.wayCount = ways.length;
    this.problems = {};
    const wanted = new Map(ways.map((way) => [nameOf(way), way]));
    for (const [name, socket] of this.ways) {
      if (wanted.has(name) && !socket.isBroken) continue;
      this.ways.delete(name);
      socket.close();
    }
    const failure = await this.openGroups(ways);
    for (const [name, way] of wanted) if (!this.ways.has(name)) await this.openWay(name, way);
    return failure;
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
    for (const socket of this.ways.values())
      socket.send(packet, size, this.options.port, GROUPS[socket.way.family]);
  }

  /** False: there is no way to that address. */
  toOne(packet: readonly Buffer[], size: number, to: RemoteInfo): boolean {
    const socket = this.wayTo(to);
    socket?.send(packet, size, to.port, to.address);
    return socket !== undefined;
  }

  get state(): SocketsState {
    return {
      ways: Array.from(this.ways.values(), ({ state }) => state),
      groups: Array.from(this.groups.values(), ({ state }) => state),
      missing: this.missing,
      problems: this.problems,
    };
  }

  private wayTo(to: RemoteInfo): WaySocket | undefined {
    let other: WaySocket | undefined;
    for (const socket of this.ways.values()) {
      if (socket.way.family !== to.family) continue;
      if (socket.reaches(to)) return socket;
      other ??= socket;
    }
    // An address of this link needs a socket of this link.
    return to.address.includes('%') ? undefined : other;
  }

  private async openGroups(ways: readonly Way[]): Promise<unknown> {
    let failure: unknown;
    for (const family of ['IPv4', 'IPv6'] as const) {
      if (!ways.some((way) => way.family === family)) {
        this.closeGroup(family);
        continue;
      }
      try {
        await this.openGroup(family);
        this.groups.get(family)?.join(ways);
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

  private async openWay(name: string, way: Way): Promise<void> {
    try {
      this.ways.set(name, await WaySocket.open(way, this.heard(way.family), this.options.onTrouble));
    } catch (error) {
      this.problems[`${way.interface} ${way.address}`] = codeOf(error);
    }
  }

  private heard(family: Family): OnPacket {
    const { interfaces, onPacket } = this.options;
    if (interfaces === undefined) return onPacket;
    return (packet, from) => {
      if (this.neighbourhood.has(from.address, family)) onPacket(packet, from);
    };
  }
}

/** Another address is another way. */
function nameOf({ interface: name, family, address }: Way): string {
  return `${name} ${family} ${address}`;
}
