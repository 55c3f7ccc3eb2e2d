/*
 * What every contestant carries, so that one that loses, repeats, reorders, cuts or mixes up messages is found:
 *
 *       0  4  who wrote it
 *       4  4  its number, from 0
 *       8  …  a pattern that is the same in all
 *     n-1  1  a check byte made of all of these
 */

/** From this length on a writer sends from a few buffers again and again: making a new one costs more than sending it. */
export const LARGE_BODY: number = 16 << 10;

/** How many large buffers a writer has: as many messages may be on their way. */
export const LARGE_BODIES: number = 64;

/** The messages of one writer, in order. Each is made when it is due, as a program makes it that has something to say. */
export class Bodies {
  /** Sum of the check bytes so far: the reader's must be the same. */
  sum = 0;
  private readonly writer: number;
  private readonly size: number;
  private readonly template: Buffer;
  private readonly large: Buffer[] = [];
  private next = 0;

  constructor(writer: number, size: number) {
    this.writer = writer;
    this.size = size;
    this.template = patterned(writer, size);
  }

  take(): Buffer {
    const number = this.next++;
    const body = this.size < LARGE_BODY ? Buffer.from(this.template) : this.largeBody(number);
    const check = checkByte(this.writer, number, this.size);
    body[4] = number;
    body[5] = number >>> 8;
    body[6] = number >>> 16;
    body[7] = number >>> 24;
    body[this.size - 1] = check;
    this.sum += check;
    return body;
  }

  private largeBody(number: number): Buffer {
    const at = number % LARGE_BODIES;
    this.large[at] ??= Buffer.from(this.template);
    return this.large[at];
  }
}

/** Which byte of the pattern is looked at: another one in each message, at the cost of one byte. */
export function probeMask(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 9)) - 1;
}

function patternAt(position: number): number {
  return (position * 31 + 7) & 0xff;
}

function checkByte(writer: number, number: number, size: number): number {
  return (number * 7 + (number >>> 8) + writer * 13 + size + 0x5a) & 0xff;
}

/** Whether what lies there is one of these messages, whole and unaltered. `mask` is that of {@link probeMask}. */
export function isIntact(bytes: Uint8Array, start: number, end: number, size: number, mask: number): boolean {
  if (end - start !== size) return false;
  const number = numberOf(bytes, start);
  const probe = 8 + (number & mask);
  return (
    bytes[end - 1] === checkByte(writerOf(bytes, start), number, size) &&
    (probe >= size - 1 || bytes[start + probe] === patternAt(probe))
  );
}

export function writerOf(bytes: Uint8Array, start: number): number {
  return u32(bytes, start);
}

export function numberOf(bytes: Uint8Array, start: number): number {
  return u32(bytes, start + 4);
}

function u32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

function patterned(writer: number, size: number): Buffer {
  const body = Buffer.allocUnsafeSlow(size);
  for (let at = 8; at < size - 1; at += 1) body[at] = patternAt(at);
  body.writeUInt32LE(writer, 0);
  return body;
}
