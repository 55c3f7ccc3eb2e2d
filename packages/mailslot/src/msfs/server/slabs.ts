import {
  CROWDED_READ,
  HEADER_WINDOW,
  LENT_BODY,
  MAX_BUSY,
  MAX_UNPARSED,
  QUIET_READ,
  SCRATCH,
  SLAB,
  SLAB_REST,
} from '../../limits.js';

/*
 * Where bytes from sockets go. Reading and parsing are one synchronous step, so one scratch buffer serves all
 * quiet connections of a thread; what it catches is copied out at once. Only a connection that is busy reads into
 * a slab of its own, without a copy. A thousand idle connections so cost no buffers at all.
 */

let scratchBuffer: Buffer | undefined;
let windowBuffer: Buffer | undefined;
let quietBuffer: Buffer | undefined;
let crowdedBuffer: Buffer | undefined;

/** For reads that are copied out at once; the content is anybody's afterwards. */
export function scratch(): Buffer {
  scratchBuffer ??= Buffer.allocUnsafeSlow(SCRATCH);
  return scratchBuffer;
}

/** The front of the scratch: enough for the header that follows a large body. */
export function headerWindow(): Buffer {
  windowBuffer ??= scratch().subarray(0, HEADER_WINDOW);
  return windowBuffer;
}

/** The front of the scratch, for a read of a quiet connection. */
export function quietWindow(): Buffer {
  quietBuffer ??= scratch().subarray(0, QUIET_READ);
  return quietBuffer;
}

/** The front of the scratch, for the reads of connections that together hold much already. */
export function crowdedWindow(): Buffer {
  crowdedBuffer ??= scratch().subarray(0, CROWDED_READ);
  return crowdedBuffer;
}

/** Who has the beginning of a message in the lent buffer, and moves it out when somebody else reads. */
export interface LentHolder {
  moveOut(): void;
}

/**
 * For the reads of a slot whose consumer looks at bytes only while it is called: used again for each read. In front
 * there is room for the beginning of a message that the last read left.
 */
export class LentBuffer {
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(LENT_FRONT + SLAB);
  /** Where reads go. */
  readonly space: Buffer = this.bytes.subarray(LENT_FRONT);
  private holder: LentHolder | undefined;

  /** What lies in front is `next`'s from now on. */
  lend(next: LentHolder): void {
    if (this.holder === next) return;
    this.holder?.moveOut();
    this.holder = next;
  }
}

/** The longest rest: a message that stays here, less one byte, and the word in front of it. */
export const LENT_FRONT: number = LENT_BODY + 4;

let lentBuffer: LentBuffer | undefined;

/** The lent buffer of this thread. */
export function lent(): LentBuffer {
  lentBuffer ??= new LentBuffer();
  return lentBuffer;
}

/** What the connections of one slot share: a slab for copies, and the right to a slab of one's own. */
export class SlabPool {
  /** Copies of what quiet connections sent, one behind the other; never written twice. */
  slab: Buffer = Buffer.alloc(0);
  /** Whether messages are looked at only in the turn in which they arrive, so that reads may use one buffer for ever. */
  lends = false;
  /** Bytes that connections hold beside the queue: what is not parsed yet, with the buffers in which it lies. */
  unparsed = 0;
  private used = 0;
  private busy = 0;

  /** Whether connections hold so much that each must be read in small pieces. */
  get isCrowded(): boolean {
    return this.unparsed > MAX_UNPARSED;
  }

  /** The last `size` bytes before `end` in `bytes` are not needed: true, if they lie last and so are free again. */
  shrink(bytes: Buffer, end: number, size: number): boolean {
    if (bytes !== this.slab || end !== this.used) return false;
    this.used -= size;
    return true;
  }

  /** Finds room for `size` bytes in {@link slab}, perhaps a new one; returns where. The caller fills it. */
  place(size: number): number {
    if (this.slab.length - this.used < size) {
      this.slab = Buffer.allocUnsafeSlow(Math.max(size, SCRATCH));
      this.used = 0;
    }
    this.used += size;
    return this.used - size;
  }

  /** A slab of one's own, unless too many connections have one: the memory of all is bounded. */
  borrow(): OwnSlab | undefined {
    if (this.busy >= MAX_BUSY) return undefined;
    this.busy += 1;
    return new OwnSlab();
  }

  giveBack(): void {
    this.busy -= 1;
  }
}

/** A busy connection's slab: reads land one behind the other, until too little is left for one. */
export class OwnSlab {
  bytes: Buffer = Buffer.allocUnsafeSlow(SLAB);
  /** Bytes before this are read already, and perhaps kept by somebody. */
  end = 0;

  /** Puts `rest`, the beginning of a frame, where the next read continues it; returns where it begins. */
  continueAfter(rest: Buffer, restIsAtEnd: boolean): number {
    if (SLAB - this.end < SLAB_REST) {
      this.bytes = Buffer.allocUnsafeSlow(SLAB);
      this.end = 0;
    } else if (restIsAtEnd) return this.end - rest.length;
    const start = this.end;
    this.bytes.set(rest, start);
    this.end += rest.length;
    return start;
  }
}
