import type { Ports } from '../ports/ports.js';
import type { Datagram } from '../transport/datagram.js';
import { type Batch, Coalescer } from './coalescer.js';
import { fingerprint } from './fingerprint.js';
import { clearHead, HEAD_SIZE, SEAL_SIZE } from './head.js';
import type { KeyRing } from './key-ring.js';
import { encodeSender } from './message-writer.js';
import { OwnSessions } from './own-sessions.js';

/** How a transport writes packets. */
export interface PacketWriterOptions {
  readonly domain: string;
  /** Whose key seals. `undefined`: packets are in clear, which needs a reader that takes those. */
  readonly ring: KeyRing | undefined;
  readonly ports: Pick<Ports, 'clock' | 'random'>;
  /** Messages that wait together share a packet up to this size, in bytes; a longer message has one of its own. */
  readonly batchBytes: number;
  /** How long a packet that goes that way may be now, where it holds several messages. Default: `batchBytes` allow it. */
  readonly packetBytes?: ((way: string) => number) | undefined;
  /** How much memory what waits may take, in bytes. */
  readonly bufferBytes: number;
}

/** What leaves at once, by one way. */
export interface Packet {
  /** As it was given to {@link PacketWriter.put}. */
  readonly way: string;
  readonly messages: number;
  /** Whether a longer packet would have been of use. */
  readonly isFull: boolean;
  /** Its bytes, in their order. `undefined`: no key is in use, so these messages are lost. */
  readonly pieces: readonly Buffer[] | undefined;
}

/**
 * Packs messages into packets, first in, first out for each way, and seals them as they leave; layout in
 * `docs/wire/lan.md`. What waits is bounded. The key that is in use when a packet leaves seals it.
 */
export class PacketWriter {
  private readonly ring: KeyRing | undefined;
  private readonly sessions: OwnSessions;
  private readonly coalescer: Coalescer;
  private readonly batchBytes: number;

  constructor({ domain, ring, ports, batchBytes, packetBytes, bufferBytes }: PacketWriterOptions) {
    this.ring = ring;
    this.batchBytes = batchBytes;
    this.sessions = new OwnSessions(domain, ports, fingerprint);
    const limitOf = packetBytes && ((way: string) => packetBytes(way) - HEAD_SIZE - SEAL_SIZE);
    this.coalescer = new Coalescer(domain, batchBytes, bufferBytes, limitOf);
  }

  /** From now on packets are no longer than this where they hold several messages, whatever was said at first. */
  fitInto(packetBytes: number): void {
    this.coalescer.resize(Math.max(1, Math.min(this.batchBytes, packetBytes - HEAD_SIZE - SEAL_SIZE)));
  }

  /** Bytes of memory that wait. */
  get size(): number {
    return this.coalescer.size;
  }

  /** Whether more than the last packet waits: the first one is as full as it gets. */
  get hasFull(): boolean {
    return this.coalescer.hasFull;
  }

  /**
   * Copies a message to the end of what waits for `way`. False: there is no room.
   *
   * Throws MailslotError `ERR_MAILSLOT_MESSAGE_TOO_LARGE`, `ERR_MAILSLOT_INVALID_NAME` for a slot's path that is too
   * long for a packet.
   */
  put(datagram: Datagram, way: string): boolean {
    return this.coalescer.put(datagram, way);
  }

  /** Takes away what has waited longest. */
  next(): Packet | undefined {
    const batch = this.coalescer.peek();
    if (batch === undefined) return undefined;
    this.coalescer.take();
    const pieces = this.pieces(batch);
    this.coalescer.release(batch);
    return { way: batch.to, messages: batch.messages, isFull: batch.isFull, pieces };
  }

  /** A sealed packet with what {@link encodeControl} laid out, past all that waits. `undefined`: no key is in use. */
  seal(instance: string, computer: string, control: Buffer): readonly Buffer[] | undefined {
    const key = this.ring?.inUse;
    const plain = Buffer.concat([encodeSender(instance, computer), control]);
    return key && this.sessions.sealerOf(`${instance} ${computer}`, key).seal(plain);
  }

  /** Whether packets of this session are, or were, written here: they may come back. */
  wrote(session: string): boolean {
    return this.sessions.has(session);
  }

  private pieces({ instance, computer, bytes, length }: Batch): readonly Buffer[] | undefined {
    const plain = bytes.subarray(0, length);
    // A copy, for the batch is used again.
    if (this.ring === undefined) return [Buffer.concat([clearHead(), plain])];
    const key = this.ring.inUse;
    return key && this.sessions.sealerOf(`${instance} ${computer}`, key).seal(plain);
  }
}
