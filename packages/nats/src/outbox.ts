import {
  type Addressee,
  aroundMessage,
  type Datagram,
  type KeyRing,
  MAX_PACKET,
  MAX_PACKET_MESSAGE,
  type Packet,
  PacketWriter,
  type Ports,
} from 'mailslot/transports';
import type { Connection } from './connection.js';
import { NATS_BATCH, NATS_BUFFER, NATS_KEEP_MS, NATS_TURN } from './limits.js';
import type { Refusals } from './refusals.js';
import { Subjects } from './subjects.js';
import { Window } from './window.js';

/** What was sent so far. */
export interface SentCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly messages: number;
  /** Messages that were taken and did not leave. */
  readonly unsent: number;
  /** Messages that had left, and whether the server has them is not known. */
  readonly doubtful: number;
}

/** What the outbox works with. */
export interface OutboxParts {
  readonly domain: string;
  /** The own computer. */
  readonly computer: string;
  /** Undefined: in clear. */
  readonly ring: KeyRing | undefined;
  readonly ports: Ports;
  readonly refusals: Refusals;
  readonly onRoom: () => void;
}

/** What the outbox asks of a connection. */
export type Publishing = Pick<Connection, 'isConnected' | 'info' | 'publish' | 'ask'>;

/** What is to be sent: waits for the end of the turn, and then for the server; is sealed as it leaves. */
export class Outbox {
  readonly window: Window;
  private readonly parts: OutboxParts;
  private readonly writer: PacketWriter;
  private readonly subjects: Subjects;
  /** When the first message of each packet that waits was taken. */
  private readonly takenAt: number[] = [];
  private readonly counts = { packets: 0, bytes: 0, messages: 0, unsent: 0, doubtful: 0 };
  private readonly turnEnded = (): void => this.endTurn();
  private connection: Publishing | undefined;
  /** Also while nothing is sent by it: it is the one that will be there again. */
  private known: Publishing | undefined;
  private isTurnBegun = false;
  private hasRefused = false;
  private hasWarned = false;
  /** What the server takes, as its last word is. */
  private taken = NATS_BATCH;
  private onIdle: (() => void) | undefined;

  constructor(parts: OutboxParts) {
    const { domain, ring, ports } = parts;
    this.parts = parts;
    this.writer = new PacketWriter({
      domain,
      ring,
      ports,
      batchBytes: NATS_BATCH,
      bufferBytes: NATS_BUFFER,
    });
    this.subjects = new Subjects(domain);
    this.window = new Window({
      clock: ports.clock,
      ask: async () => (await this.connection?.ask()) ?? false,
      onConfirmed: () => this.leave(),
    });
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
    this.fit();
    const before = this.writer.size;
    if (!this.writer.put(datagram, this.subjects.of(datagram))) {
      this.hasRefused = true;
      return false;
    }
    if (this.writer.size !== before) {
      this.takenAt.push(this.parts.ports.clock.monotonic());
      // Without the newest packet, to which more may be added.
      if (this.writer.size >= NATS_TURN) this.leave(1);
    }
    if (!this.isTurnBegun) {
      this.isTurnBegun = true;
      process.nextTick(this.turnEnded);
    }
    return true;
  }

  /** From now on by this connection. */
  connected(connection: Publishing): void {
    this.connection = connection;
    this.known = connection;
    this.hasWarned = false;
    this.fit();
    this.leave();
  }

  /** The longest message that the server takes. */
  limitTo({ name }: Addressee, slot: string): number {
    const { computer } = this.parts;
    return Math.max(0, Math.min(MAX_PACKET_MESSAGE, this.payload - aroundMessage(computer, name, slot)));
  }

  /** What the server did not confirm is in doubt; what waits waits on, for a while. */
  lost(): void {
    this.connection = undefined;
    this.counts.doubtful += this.window.lose();
    this.checkIdle();
  }

  /** What has waited too long is not sent. */
  look(): void {
    const tooOld = this.parts.ports.clock.monotonic() - NATS_KEEP_MS;
    while ((this.takenAt[0] ?? Number.POSITIVE_INFINITY) < tooOld) this.forget(this.next());
    this.checkRoom();
  }

  /** Resolves when all has left and the server has it, or the connection is gone. */
  async idle(): Promise<void> {
    const idle = new Promise<void>((resolve) => (this.onIdle = resolve));
    this.leave();
    if (this.window.open > 0) this.window.ask();
    this.checkIdle();
    await idle;
  }

  /** What still waits is not sent, and what is not confirmed in doubt. */
  stop(): void {
    this.lost();
    while (this.writer.size > 0) this.forget(this.next());
  }

  /** It may say another word at any time. */
  private get payload(): number {
    return this.known?.info?.max_payload ?? MAX_PACKET;
  }

  private fit(): void {
    if (this.payload === this.taken) return;
    this.taken = this.payload;
    this.writer.fitInto(this.taken);
  }

  private endTurn(): void {
    this.isTurnBegun = false;
    this.leave();
  }

  /** Sends what waits, but for so many packets, as far as the server has taken what left before. */
  private leave(kept = 0): void {
    if (this.connection?.isConnected === true) {
      this.look();
      while (this.takenAt.length > kept && this.window.hasRoom) this.hand(this.next(), this.connection);
    }
    this.checkRoom();
    this.checkIdle();
  }

  private checkRoom(): void {
    if (!this.hasRefused || this.writer.size > NATS_BUFFER / 2) return;
    this.hasRefused = false;
    this.parts.onRoom();
  }

  private checkIdle(): void {
    const isIdle = this.writer.size === 0 && this.window.open === 0;
    if (isIdle || this.connection === undefined) this.onIdle?.();
  }

  private next(): Packet {
    this.takenAt.shift();
    return this.writer.next() as Packet;
  }

  private forget({ messages }: Packet): void {
    this.counts.unsent += messages;
  }

  /** Once a connection: what was taken before the server said that it takes less. */
  private warn(size: number): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    this.parts.ports.log.warn(
      `the NATS server takes ${this.payload} bytes at most since it last told of itself: a packet of ${size} bytes that ` +
        'waited was not sent, and others like it will not be',
    );
  }

  private hand(packet: Packet, connection: Publishing): void {
    const { way, messages, pieces } = packet;
    const bytes = pieces && joined(pieces);
    if (bytes !== undefined && bytes.length > this.payload) this.warn(bytes.length);
    if (bytes === undefined || bytes.length > this.payload || this.parts.refusals.has('publish', way)) {
      this.forget(packet);
      return;
    }
    connection.publish(way, bytes);
    this.counts.packets += 1;
    this.counts.bytes += bytes.length;
    this.counts.messages += messages;
    this.window.add(bytes.length, messages);
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}
