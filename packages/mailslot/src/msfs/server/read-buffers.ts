import { u32At } from '../../bytes/reader.js';
import { BUSY_READ, CROWDED_BODY, LARGE_BODY, LENT_BODY } from '../../limits.js';
import {
  crowdedWindow,
  headerWindow,
  LENT_FRONT,
  type LentHolder,
  lent,
  type OwnSlab,
  quietWindow,
  type SlabPool,
  scratch,
} from './slabs.js';

const NOTHING = Buffer.alloc(0);

/** The smallest buffer for the beginning of a message. */
const APART = 64;

/** Where the socket's next read lands. */
type Target = 'scratch' | 'slab' | 'body' | 'lent';

/**
 * One connection's bytes between the socket and the queue: says where the next read goes, and holds what is not
 * parsed yet as `bytes` from `at` to `end`. Small messages stay where they were read and are shared; a large one
 * gets a buffer of its own, into which the rest of it is read directly.
 */
export class ReadBuffers implements LentHolder {
  bytes: Buffer = NOTHING;
  at = 0;
  end = 0;
  private readonly pool: SlabPool;
  private slab: OwnSlab | undefined;
  /** Where the beginning of a message waits for the rest, so that it keeps nothing else alive. */
  private apart: Buffer | undefined;
  /** What this connection holds of {@link SlabPool.unparsed}. */
  private held = 0;
  private target: Target = 'scratch';
  private body: Buffer | undefined;
  private filled = 0;
  private afterBody = false;
  private lastRead = 0;

  constructor(pool: SlabPool) {
    this.pool = pool;
  }

  /** Takes note of `size` bytes that the socket read into the buffer that {@link nextBuffer} gave. */
  caught(size: number): void {
    this.lastRead = size;
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
    return quietWindow();
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
    if (this.pool.isCrowded) return crowdedWindow();
    if (this.pool.lends) {
      this.target = 'lent';
      return lent().space;
    }
    if (!this.slab) return quietWindow();
    const rest = this.bytes.subarray(this.at, this.end);
    const isAtEnd = this.bytes === this.slab.bytes && this.end === this.slab.end;
    const start = this.slab.continueAfter(rest, isAtEnd);
    this.setRegion(this.slab.bytes, start, this.slab.end);
    this.target = 'slab';
    return this.slab.bytes.subarray(this.slab.end);
  }

  /** Whether what was read lies in a buffer that the next read of any connection writes over. */
  get isLent(): boolean {
    return this.bytes === lent().bytes;
  }

  /** Makes room in the lent buffer for the next read: what is not parsed yet moves in front of it, or out. */
  leaveLent(): void {
    const { at, end } = this;
    if (end - at > LENT_FRONT) this.moveOut();
    else this.moveToFront();
  }

  /** Moves what is not parsed yet out of the lent buffer. */
  moveOut(): void {
    if (this.isLent) this.setApart();
  }

  /** All that can be parsed now has been: what is left must not keep alive what was read with it. */
  rest(): void {
    const { bytes, at, end } = this;
    const isShared = this.isLent || bytes === this.slab?.bytes;
    if (at === end) {
      if (!isShared) this.setRegion(NOTHING, 0, 0);
    } else if (!isShared && bytes.buffer.byteLength > 2 * Math.max(end - at, APART)) this.setApart();
    if (this.bytes !== this.apart) this.apart = undefined;
    this.hold(at === end || isShared ? 0 : this.bytes.buffer.byteLength);
  }

  /** Whether a message that has only begun is worth a buffer, and room in the queue, of its own. */
  isLarge(size: number): boolean {
    return size >= (this.pool.isCrowded ? CROWDED_BODY : LARGE_BODY);
  }

  /** Whether a large message that has begun had better stay where it is: its rest comes soon, and nobody will keep it. */
  staysLent(size: number): boolean {
    return this.target === 'lent' && size <= LENT_BODY && this.lastRead >= BUSY_READ / 4;
  }

  /** The frame at `at` is a large message of which not all is here: the rest goes to a buffer of its own. */
  beginBody(size: number): void {
    this.body = Buffer.allocUnsafeSlow(4 + size);
    this.filled = this.bytes.copy(this.body, 0, this.at, this.end);
    this.at = this.end;
  }

  /** Steps over a request. Where nothing lies behind it its room is used again, so that messages are neighbours. */
  passWord(): void {
    this.at += 4;
    if (this.at < this.end || !this.pool.shrink(this.bytes, this.end, 4)) return;
    this.at -= 4;
    this.end -= 4;
  }

  /** How much is here of the large message that comes, its length in front included. */
  get begun(): number {
    return this.body === undefined ? this.end - this.at : this.filled;
  }

  /** The large message, its length in front as in any frame, once all of it is here. */
  takeBody(): Buffer | undefined {
    const { body } = this;
    if (body === undefined || this.filled < body.length) return undefined;
    this.body = undefined;
    // One that could have stayed lent will have a successor that can.
    this.afterBody = !this.pool.lends || body.length > LENT_FRONT;
    return body;
  }

  /** Gives back what is shared; the connection is gone. */
  close(): void {
    this.leaveSlab();
    this.body = undefined;
    this.apart = undefined;
    this.setRegion(NOTHING, 0, 0);
    this.hold(0);
  }

  private copyIn(chunk: Buffer, size: number): void {
    const from = this.intoBody(chunk, size);
    if (from === size) return;
    const rest = this.end - this.at;
    if (rest > 0 && this.staysApart(chunk, from, size)) return;
    const start = this.pool.place(rest + size - from);
    const { slab } = this.pool;
    if (rest > 0) this.bytes.copy(slab, start, this.at, this.end);
    chunk.copy(slab, start + rest, from, size);
    this.setRegion(slab, start, start + rest + size - from);
  }

  /**
   * Puts what came behind the beginning of a message that lies apart, unless that completes it: a client that dribbles
   * is copied once for each doubling, and what is complete is copied to where its neighbours are.
   */
  private staysApart(chunk: Buffer, from: number, size: number): boolean {
    const more = size - from;
    const rest = this.end - this.at;
    if (this.bytes !== this.apart || rest < 4 || rest + more >= 4 + u32At(this.bytes, this.at)) return false;
    if (this.end + more > this.bytes.length) this.setApart(more);
    this.end += chunk.copy(this.bytes, this.end, from, size);
    return true;
  }

  /** Moves what is not parsed yet to a buffer of its own, with room for as much again, and for `more`. */
  private setApart(more = 0): void {
    const { bytes, at, end } = this;
    const rest = end - at;
    const isSpacious = rest < LARGE_BODY && !this.pool.isCrowded;
    const room = isSpacious ? Math.max(APART, 2 * rest, rest + more) : rest + more;
    this.apart = Buffer.allocUnsafeSlow(room);
    bytes.copy(this.apart, 0, at, end);
    this.pool.shrink(bytes, end, rest);
    this.setRegion(this.apart, 0, rest);
  }

  private hold(size: number): void {
    this.pool.unparsed += size - this.held;
    this.held = size;
  }

  /** What was read now continues the rest of the last read, which lies in front of it or is copied there. */
  private readLent(size: number): void {
    this.moveToFront();
    this.end = LENT_FRONT + size;
  }

  private moveToFront(): void {
    const { bytes } = lent();
    const start = LENT_FRONT - (this.end - this.at);
    lent().lend(this);
    if (this.bytes !== bytes || this.at !== start) this.bytes.copy(bytes, start, this.at, this.end);
    this.setRegion(bytes, start, LENT_FRONT);
  }

  /** Gives a large message its part of a chunk; returns where the rest begins. */
  private intoBody(chunk: Buffer, size: number): number {
    if (!this.body) return 0;
    const copied = chunk.copy(this.body, this.filled, 0, size);
    this.filled += copied;
    return copied;
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
