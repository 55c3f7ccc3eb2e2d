import { BUSY_READ, LARGE_BODY } from '../../limits.js';
import { headerWindow, LENT_FRONT, lent, type OwnSlab, type SlabPool, scratch } from './slabs.js';

const NOTHING = Buffer.alloc(0);

/** Where the socket's next read lands. */
type Target = 'scratch' | 'slab' | 'body' | 'lent';

/**
 * One connection's bytes between the socket and the queue: says where the next read goes, and holds what is not
 * parsed yet as `bytes` from `at` to `end`. Small messages stay where they were read and are shared; a large one
 * gets a buffer of its own, into which the rest of it is read directly.
 */
export class Intake {
  bytes: Buffer = NOTHING;
  at = 0;
  end = 0;
  private readonly pool: SlabPool;
  private slab: OwnSlab | undefined;
  private target: Target = 'scratch';
  private body: Buffer | undefined;
  private filled = 0;
  private skipping = 0;
  private afterBody = false;

  constructor(pool: SlabPool) {
    this.pool = pool;
  }

  /** Takes note of `size` bytes that the socket read into the buffer that {@link nextBuffer} gave. */
  caught(size: number): void {
    if (this.target === 'lent') this.readLent(size);
    else if (this.target === 'body') this.filled += size;
    else if (this.target === 'slab' && this.slab) this.end = this.slab.end += size;
    else this.copyIn(scratch(), size);
    if (this.target !== 'lent') this.choosePace(size);
  }

  /** Takes a chunk that a socket without read buffers of ours handed over; nobody else writes to it. */
  offer(chunk: Buffer): void {
    if (this.at < this.end) this.copyIn(chunk, chunk.length);
    else this.setRegion(chunk, this.intoBody(chunk, chunk.length), chunk.length);
  }

  /** Where a read goes that comes only after parsing, which is held up now, has gone on: the scratch is always right. */
  laterBuffer(): Buffer {
    this.target = 'scratch';
    return scratch();
  }

  /** Where the next read goes, when all that can be parsed has been. */
  nextBuffer(): Buffer {
    this.target = 'scratch';
    if (this.body) {
      this.target = 'body';
      return this.body.subarray(this.filled);
    }
    if (this.afterBody) {
      this.afterBody = false;
      return headerWindow();
    }
    if (this.skipping > 0) return scratch();
    if (this.pool.lends) {
      this.target = 'lent';
      return lent().space;
    }
    if (!this.slab) return scratch();
    const rest = this.bytes.subarray(this.at, this.end);
    const isAtEnd = this.bytes === this.slab.bytes && this.end === this.slab.end;
    const start = this.slab.continueAfter(rest, isAtEnd);
    this.setRegion(this.slab.bytes, start, this.slab.end);
    this.target = 'slab';
    return this.slab.bytes.subarray(this.slab.end);
  }

  /** Whether what is not parsed yet lies in a buffer that the next read of any connection writes over. */
  get isLent(): boolean {
    return this.target === 'lent' && this.bytes === lent().bytes;
  }

  /** Moves what is not parsed yet to where it can stay. */
  keepRest(): void {
    const { bytes, at, end } = this;
    const start = this.pool.place(end - at);
    const { slab } = this.pool;
    bytes.copy(slab, start, at, end);
    this.setRegion(slab, start, start + end - at);
  }

  /** Whether a message that has only begun is worth a buffer of its own. */
  isLarge(size: number): boolean {
    return size >= LARGE_BODY;
  }

  /** The frame at `at` is a large message of which not all is here: the rest goes to a buffer of its own. */
  beginBody(size: number): void {
    this.body = Buffer.allocUnsafeSlow(4 + size);
    this.filled = this.bytes.copy(this.body, 0, this.at, this.end);
    this.at = this.end;
  }

  /** The message at `at` is not wanted: what is here of it and what is still to come is thrown away. */
  skip(size: number): void {
    const here = Math.min(4 + size, this.end - this.at);
    this.at += here;
    this.skipping = 4 + size - here;
  }

  get isSkipping(): boolean {
    return this.skipping > 0;
  }

  /** The large message, its length in front as in any frame, once all of it is here. */
  takeBody(): Buffer | undefined {
    const { body } = this;
    if (body === undefined || this.filled < body.length) return undefined;
    this.body = undefined;
    this.afterBody = true;
    return body;
  }

  /** Gives back what is shared; the connection is gone. */
  close(): void {
    this.leaveSlab();
    this.body = undefined;
    this.setRegion(NOTHING, 0, 0);
  }

  private copyIn(chunk: Buffer, size: number): void {
    const from = this.intoBody(chunk, size);
    if (from === size) return;
    const rest = this.end - this.at;
    // Most often nobody else was served since the frame began; a client that dribbles costs no copies then.
    if (rest > 0 && this.pool.extend(this.bytes, this.end, size - from)) {
      this.end += chunk.copy(this.bytes, this.end, from, size);
      return;
    }
    const start = this.pool.place(rest + size - from);
    const { slab } = this.pool;
    if (rest > 0) this.bytes.copy(slab, start, this.at, this.end);
    chunk.copy(slab, start + rest, from, size);
    this.setRegion(slab, start, start + rest + size - from);
  }

  /** Puts the rest of the last read right in front of what was read now. */
  private readLent(size: number): void {
    const { bytes } = lent();
    const start = LENT_FRONT - (this.end - this.at);
    this.bytes.copy(bytes, start, this.at, this.end);
    this.setRegion(bytes, start, LENT_FRONT + size);
  }

  /** Gives a large message, or one that is not wanted, its part of a chunk; returns where the rest begins. */
  private intoBody(chunk: Buffer, size: number): number {
    if (this.body) {
      const copied = chunk.copy(this.body, this.filled, 0, size);
      this.filled += copied;
      return copied;
    }
    const skipped = Math.min(this.skipping, size);
    this.skipping -= skipped;
    return skipped;
  }

  private choosePace(size: number): void {
    if (this.slab && size < BUSY_READ / 4) this.leaveSlab();
    else if (!this.slab && size >= BUSY_READ && !this.body) this.slab = this.pool.borrow();
  }

  private leaveSlab(): void {
    if (this.slab) this.pool.giveBack();
    this.slab = undefined;
  }

  private setRegion(bytes: Buffer, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }
}
