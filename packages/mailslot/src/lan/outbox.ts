import { LAN_BUFFER, LAN_MESSAGE_COST, LAN_TICK_MS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import { type Batch, Coalescer, GROUP } from './coalescer.js';
import type { KeyRing } from './key-ring.js';
import { OwnSessions } from './own-sessions.js';
import { Pacer } from './pacer.js';
import { HEAD_SIZE, SEAL_SIZE } from './packet.js';
import type { Peers } from './peers.js';
import type { Sockets } from './sockets.js';

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
  readonly sessions: OwnSessions;
  private readonly parts: OutboxParts;
  private readonly coalescer: Coalescer;
  private readonly pacer: Pacer;
  private readonly counts = { packets: 0, bytes: 0, messages: 0, unsent: 0 };
  private readonly turnEnded = (): void => this.endTurn();
  private isTurnBegun = false;
  private hasRefused = false;
  private tick: Alarm | undefined;
  private onEmpty: (() => void) | undefined;

  constructor(parts: OutboxParts) {
    this.parts = parts;
    this.sessions = new OwnSessions(parts.ring.domain, parts.ports.random);
    this.coalescer = new Coalescer(parts.ring.domain);
    this.pacer = new Pacer(parts.bytesPerSecond, parts.ports.clock);
  }

  get sent(): SentCounts {
    return { ...this.counts };
  }

  /** Bytes of memory that wait. */
  get size(): number {
    return this.coalescer.size;
  }

  /** False: there is no room; `onRoom` follows. */
  send(datagram: Datagram): boolean {
    if (!this.coalescer.put(datagram, this.wayTo(datagram.to))) {
      this.hasRefused = true;
      return false;
    }
    // What is full leaves within the turn: a long turn would fill the buffer while the network rests.
    if (this.tick === undefined && this.coalescer.hasFull) this.leave(() => this.coalescer.hasFull);
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
    for (let batch = this.coalescer.peek(); batch !== undefined && isDue(); batch = this.coalescer.peek()) {
      if (!this.pacer.mayLeave || sockets.isFull) {
        this.tick = ports.clock.after(LAN_TICK_MS, () => {
          this.tick = undefined;
          this.leave(() => true);
        });
        break;
      }
      this.coalescer.take();
      this.seal(batch);
      this.coalescer.release(batch);
    }
    if (this.size === 0) this.onEmpty?.();
    if (!this.hasRefused || this.size > LAN_BUFFER / 2) return;
    this.hasRefused = false;
    onRoom();
  }

  private seal(batch: Batch): void {
    const { ring, sockets } = this.parts;
    const { counts } = this;
    const key = ring.inUse;
    if (key === undefined || !sockets.isOpen) {
      counts.unsent += batch.messages;
      return;
    }
    const packet = this.sessions.sealerOf(batch.instance, key).seal(batch.bytes.subarray(0, batch.length));
    const size = HEAD_SIZE + batch.length + SEAL_SIZE;
    const copies = this.hand(packet, size, batch.to);
    this.pacer.left((size + batch.messages * LAN_MESSAGE_COST) * copies);
    counts.packets += 1;
    counts.bytes += size;
    counts.messages += batch.messages;
  }

  /** To the addresses of that computer's instances, once each; else to all. Returns to how many. */
  private hand(packet: readonly Buffer[], size: number, to: string): number {
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
