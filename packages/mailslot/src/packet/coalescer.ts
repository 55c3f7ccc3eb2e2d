import { MAX_OVERTAKEN, SPARE_BATCHES } from '../limits.js';
import type { Datagram } from '../transport/datagram.js';
import { encodeSender, MessageWriter } from './message-writer.js';

/** What will be one packet: messages of one instance that go the same way. */
export interface Batch {
  /** The way it goes, as its transport calls it. */
  readonly to: string;
  readonly instance: string;
  readonly computer: string;
  readonly bytes: Buffer;
  length: number;
  messages: number;
  /** Whether another message found no room in it, or its only one needs more than others may have. */
  isFull: boolean;
  /** How many messages were taken before its first one. */
  readonly after: number;
}

/**
 * Packs messages that wait together into batches of one size for each way, first in, first out for each way, and no
 * message overtakes more than {@link MAX_OVERTAKEN} others. A longer message has a
 * batch of its own. What waits is bounded, by the memory that it takes.
 */
export class Coalescer {
  private readonly writer: MessageWriter;
  private batchBytes: number;
  private readonly bufferBytes: number;
  private readonly limitOf: ((to: string) => number) | undefined;
  private readonly waiting: Batch[] = [];
  /** The last batch for each way, if there is room in it. */
  private readonly open = new Map<string, Batch>();
  private readonly spares: Buffer[] = [];
  private sender: { readonly instance: string; readonly computer: string; readonly head: Buffer } | undefined;
  /** Bytes of memory that wait. */
  size = 0;
  /** Messages taken so far. */
  private taken = 0;

  /** @param limitOf how many bytes a batch that goes that way may have now; no more than `batchBytes` */
  constructor(domain: string, batchBytes: number, bufferBytes: number, limitOf?: (to: string) => number) {
    this.writer = new MessageWriter(domain);
    this.batchBytes = batchBytes;
    this.bufferBytes = bufferBytes;
    this.limitOf = limitOf;
  }

  /** The next batches have so many bytes. */
  resize(batchBytes: number): void {
    this.batchBytes = batchBytes;
    this.spares.length = 0;
  }

  /** Copies a message to the end of what waits for `to`. False: there is no room. Throws as the writer's `measure`. */
  put(datagram: Datagram, to: string): boolean {
    const size = this.writer.measure(datagram);
    const batch = this.openBatch(datagram, to, size) ?? this.newBatch(datagram, to, size);
    if (batch === undefined) return false;
    batch.length = this.writer.put(datagram, batch.bytes, batch.length);
    batch.messages += 1;
    this.taken += 1;
    return true;
  }

  /** The batch that has waited longest, without what may still be added to one that is open. */
  peek(): Batch | undefined {
    return this.waiting[0];
  }

  /** Whether more than the last batch waits: the first one is as full as it gets. */
  get hasFull(): boolean {
    return this.waiting.length > 1;
  }

  /** Takes away what {@link peek} returned; its bytes are used again after {@link release}. */
  take(): void {
    const batch = this.waiting.shift();
    if (batch === undefined) return;
    this.size -= batch.bytes.length;
    if (this.open.get(batch.to) === batch) this.open.delete(batch.to);
  }

  release({ bytes }: Batch): void {
    if (bytes.length <= this.batchBytes && this.spares.length < SPARE_BATCHES) this.spares.push(bytes);
  }

  /** One of the same size. Those of another one are of a time when batches had that. */
  private spareOf(length: number): Buffer | undefined {
    const spare = this.spares.pop();
    return spare?.length === length ? spare : undefined;
  }

  private openBatch({ identity, from }: Datagram, to: string, size: number): Batch | undefined {
    const batch = this.open.get(to);
    if (batch === undefined) return undefined;
    if (batch.length + size > batch.bytes.length) {
      batch.isFull = true;
      return undefined;
    }
    // What joins it overtakes all that was taken since: receivers would not know messages that come too late.
    if (this.taken - batch.after > MAX_OVERTAKEN) return undefined;
    return batch.instance === identity.instance && batch.computer === from ? batch : undefined;
  }

  private newBatch({ identity, from }: Datagram, to: string, size: number): Batch | undefined {
    const { instance } = identity;
    const head = this.headOf(instance, from);
    const limit = Math.min(this.limitOf?.(to) ?? this.batchBytes, this.batchBytes);
    const length = Math.max(head.length + size, limit);
    if (this.size + length > this.bufferBytes) return undefined;
    const bytes = this.spareOf(length) ?? Buffer.allocUnsafeSlow(length);
    bytes.set(head);
    const batch = {
      to,
      instance,
      computer: from,
      bytes,
      length: head.length,
      messages: 0,
      isFull: length > limit,
      after: this.taken,
    };
    this.size += length;
    this.waiting.push(batch);
    this.open.set(to, batch);
    return batch;
  }

  private headOf(instance: string, computer: string): Buffer {
    if (this.sender?.instance !== instance || this.sender.computer !== computer) {
      this.sender = { instance, computer, head: encodeSender(instance, computer) };
    }
    return this.sender.head;
  }
}
