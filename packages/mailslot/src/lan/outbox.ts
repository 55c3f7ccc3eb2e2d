import { LAN_BATCH, LAN_BUFFER, LAN_MESSAGE_COST, LAN_TICK_MS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { KeyRing } from '../packet/key-ring.js';
import { type Packet, PacketWriter } from '../packet/packet-writer.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import { Pacer } from './pacer.js';
import type { Peers } from './peers.js';
import type { Sockets } from './sockets.js';

/** The way of a packet for everybody, or for who is not known. No computer's name is empty. */
const GROUP = '';

/** What was sent so far. */
export interface SentCounts {
  /** Sealed packets; each goes by every interface and family. */
  readonly packets: number;
  readonly bytes: number;
  readonly messages: number;
  /** Messages for which there was no interface, or no key. */
  readonly unsent: number;
}

/** What the outbox works with. */
export interface OutboxParts {
  readonly ring: KeyRing;
  readonly peers: Peers;
  readonly sockets: Pick<Sockets, 'isOpen' | 'isFull' | 'toGroup' | 'toOne'>;
  readonly ports: Ports;
  readonly bytesPerSecond: number;
  readonly onRoom: () => void;
}

/** What is to be sent: waits for the end of the turn, and then for its share of the rate; is sealed as it leaves. */
export class Outbox {
  private readonly parts: OutboxParts;
  private readonly writer: PacketWriter;
  private readonly pacer: Pacer;
  private readonly counts = { packets: 0, bytes: 0, messages: 0, unsent: 0 };
  private readonly turnEnded = (): void => this.endTurn();
  private isTurnBegun = false;
  private hasRefused = false;
  private tick: Alarm | undefined;
  private onEmpty: (() => void) | undefined;

  constructor(parts: OutboxParts) {
    this.parts = parts;
    this.writer = new PacketWriter({
      domain: parts.ring.domain,
      ring: parts.ring,
      ports: parts.ports,
      batchBytes: LAN_BATCH,
      bufferBytes: LAN_BUFFER,
    });
    this.pacer = new Pacer(parts.bytesPerSecond, parts.ports.clock);
  }

  get sent(): SentCounts {
    return { ...this.counts };
  }

  /** Whether packets of this session are, or were, sent from here. */
  isOwn(session: string): boolean {
    return this.writer.wrote(session);
  }

  /** Bytes of memory that wait. */
  get size(): number {
    return this.writer.size;
  }

  /** False: there is no room; `onRoom` follows. */
  send(datagram: Datagram): boolean {
    if (!this.writer.put(datagram, this.wayTo(datagram.to))) {
      this.hasRefused = true;
      return false;
    }
    // What is full leaves within the turn: a long turn would fill the buffer while the network rests.
    if (this.tick === undefined && this.writer.hasFull) this.leave(() => this.writer.hasFull);
    if (!this.isTurnBegun) {
      this.isTurnBegun = true;
      process.nextTick(this.turnEnded);
    }
    return true;
  }

  /** Resolves when nothing waits any more. */
  async empty(): Promise<void> {
    if (this.size > 0) await new Promise<void>((resolve) => (this.onEmpty = resolve));
  }

  /** What still waits is not sent. */
  stop(): void {
    this.tick?.cancel();
    this.onEmpty?.();
  }

  private wayTo(to: Addressee): string {
    if (to.kind === 'domain') return GROUP;
    const key = upperCase(to.name);
    return this.parts.peers.knows(key) ? key : GROUP;
  }

  private endTurn(): void {
    this.isTurnBegun = false;
    if (this.tick === undefined) this.leave(() => true);
  }

  /** Sends what waits as far as the rate and the interfaces allow it; the rest later. */
  private leave(isDue: () => boolean): void {
    const { sockets, ports, onRoom } = this.parts;
    while (this.size > 0 && isDue()) {
      if (!this.pacer.mayLeave || sockets.isFull) {
        this.tick = ports.clock.after(LAN_TICK_MS, () => {
          this.tick = undefined;
          this.leave(() => true);
        });
        break;
      }
      this.hand(this.writer.next() as Packet);
    }
    if (this.size === 0) this.onEmpty?.();
    if (!this.hasRefused || this.size > LAN_BUFFER / 2) return;
    this.hasRefused = false;
    onRoom();
  }

  private hand({ way, messages, pieces }: Packet): void {
    const { counts } = this;
    if (pieces === undefined || !this.parts.sockets.isOpen) {
      counts.unsent += messages;
      return;
    }
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const copies = this.handTo(pieces, size, way);
    this.pacer.left((size + messages * LAN_MESSAGE_COST) * copies);
    counts.packets += 1;
    counts.bytes += size;
    counts.messages += messages;
  }

  /** To the addresses of that computer's instances, once each; else to all. Returns to how many. */
  private handTo(packet: readonly Buffer[], size: number, to: string): number {
    const { peers, sockets } = this.parts;
    const reached = new Set<string>();
    for (const { address } of peers.of(to)) {
      const name = `${address.address} ${address.port}`;
      if (reached.has(name)) continue;
      if (!sockets.toOne(packet, size, address)) {
        reached.clear();
        break;
      }
      reached.add(name);
    }
    if (reached.size === 0) sockets.toGroup(packet, size);
    return Math.max(reached.size, 1);
  }
}
