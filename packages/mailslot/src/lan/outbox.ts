import { MailslotError } from '../errors.js';
import { LAN_BASE_PACKET, LAN_BATCH, LAN_BUFFER, LAN_MESSAGE_COST, LAN_TICK_MS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { KeyRing } from '../packet/key-ring.js';
import { aroundMessage } from '../packet/message-writer.js';
import { type Packet, PacketWriter } from '../packet/packet-writer.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Datagram } from '../transport/datagram.js';
import { Pacer } from './pacer.js';
import type { PathDiscovery } from './path-discovery.js';
import type { Peers, Target } from './peers.js';
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
  readonly paths: PathDiscovery;
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
      packetBytes: (way) => this.packetBytes(way),
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

  /** A packet past what waits; see {@link PacketWriter.seal}. */
  seal(instance: string, computer: string, control: Buffer): readonly Buffer[] | undefined {
    return this.writer.seal(instance, computer, control);
  }

  /** So many bytes left past what waits. */
  left(bytes: number): void {
    this.pacer.left(bytes);
  }

  /** False: there is no room; `onRoom` follows. Throws `ERR_MAILSLOT_MESSAGE_TOO_LARGE` for what is known not to arrive. */
  send(datagram: Datagram): boolean {
    this.parts.paths.speaksAs(datagram.from, datagram.identity.instance);
    const way = this.socketTo(datagram);
    if (!this.writer.put(datagram, way)) {
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

  private socketTo(datagram: Datagram): string {
    const { to } = datagram;
    if (to.kind === 'domain') return GROUP;
    const key = upperCase(to.name);
    if (!this.parts.peers.knows(key)) return GROUP;
    this.refuseLost(datagram, key);
    return key;
  }

  /** What is known to be lost on the way is not said to be sent. */
  private refuseLost({ to, from, slot, data }: Datagram, key: string): void {
    const size = data.length;
    const around = aroundMessage(from, to.name, slot);
    const { prober } = this.parts.paths;
    if (size + around <= LAN_BASE_PACKET || size + around <= prober.lostOver(key)) return;
    const limit = Math.max(0, prober.shownTo(key) - around);
    const text =
      `${to.name} does not get ${size} bytes at once, and has shown to get ${limit}: longer packets are lost on the way to ` +
      `it, ${LOST_REMEDY}`;
    throw new MailslotError('ERR_MAILSLOT_MESSAGE_TOO_LARGE', text, { size, limit });
  }

  private packetBytes(way: string): number {
    const { prober } = this.parts.paths;
    return way === GROUP ? prober.groupLimit : prober.limitTo(way);
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

  private hand(packet: Packet): void {
    const { messages, pieces } = packet;
    const { counts } = this;
    if (pieces === undefined || !this.parts.sockets.isOpen) {
      counts.unsent += messages;
      return;
    }
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const copies =
      packet.way === GROUP ? this.toGroup(packet, pieces, size) : this.toComputer(packet, pieces, size);
    this.pacer.left((size + messages * LAN_MESSAGE_COST) * copies);
    counts.packets += 1;
    counts.bytes += size;
    counts.messages += messages;
  }

  private toGroup({ isFull }: Packet, pieces: readonly Buffer[], size: number): number {
    const { sockets, paths } = this.parts;
    sockets.toGroup(pieces, size);
    if (size > LAN_BASE_PACKET && size > paths.prober.groupLimit) this.noteLosses(size);
    paths.prober.sentToGroup(size, isFull);
    return 1;
  }

  /** To the instances of that computer, each where it is reached, and once at each address. Returns to how many. */
  private toComputer({ way, isFull }: Packet, pieces: readonly Buffer[], size: number): number {
    const { peers, sockets, paths, ports } = this.parts;
    const all = peers.of(way, ports.clock.monotonic());
    const reached = new Set<string>();
    let isByGroup = all.length === 0;
    for (const peer of all) {
      const route = paths.prober.routeTo(peer, size);
      const goes = route.candidates.filter(({ target }) => this.reach(target, pieces, size, reached));
      if (route.isByGroup || goes.length === 0) isByGroup = true;
    }
    if (isByGroup) sockets.toGroup(pieces, size);
    for (const peer of all) paths.prober.sentTo(peer, size, isFull);
    return reached.size + Number(isByGroup);
  }

  /** False: there is no way to that address. */
  private reach(target: Target, pieces: readonly Buffer[], size: number, reached: Set<string>): boolean {
    const name = `${target.address} ${target.port}`;
    if (reached.has(name)) return true;
    if (!this.parts.sockets.toOne(pieces, size, target)) return false;
    reached.add(name);
    return true;
  }

  /** A long message goes to all, as fragments: some are known not to get it. */
  private noteLosses(size: number): void {
    const { peers, ports } = this.parts;
    for (const peer of peers.live(ports.clock.monotonic())) {
      if (!peer.group.loses(size)) continue;
      if (peer.tooLong === 0) ports.log.warn(lostText(peer.computer, size, peer.group.shown));
      peer.tooLong += 1;
    }
  }
}

const LOST_REMEDY =
  'since something drops IP fragments, or an interface has a larger MTU than the way. Send less at once, and see ' +
  '"mailslot doctor"';

function lostText(computer: string, size: number, shown: number): string {
  return (
    `${computer} does not get a message to all in a packet of ${size} bytes: those over ${shown} bytes are lost on the way ` +
    `to it, ${LOST_REMEDY}`
  );
}
