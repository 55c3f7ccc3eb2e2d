/** Puts `value` into the four bytes at `at`, little-endian; the caller has made sure that they are there. */
export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** As {@link putU32}, two bytes. */
export function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

/** As {@link putU32}, eight bytes of a whole number that is no more than 2^53 - 1. */
export function putU64(bytes: Uint8Array, at: number, value: number): void {
  putU32(bytes, at, value % 0x1_0000_0000);
  putU32(bytes, at + 4, Math.floor(value / 0x1_0000_0000));
}

/** Writes little-endian fields one after the other into a buffer of exactly the size given. */
export class ByteWriter {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  u8(value: number): this {
    this.bytes[this.take(1)] = value;
    return this;
  }

  u16(value: number): this {
    putU16(this.bytes, this.take(2), value);
    return this;
  }

  u32(value: number): this {
    putU32(this.bytes, this.take(4), value);
    return this;
  }

  u64(value: number): this {
    putU64(this.bytes, this.take(8), value);
    return this;
  }

  slice(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.take(bytes.length));
    return this;
  }

  /** The bytes, which must be complete: a layout whose size was miscounted is a defect of ours. */
  done(): Uint8Array {
    if (this.at !== this.bytes.length)
      throw new RangeError(`${this.at} of ${this.bytes.length} bytes written`);
    return this.bytes;
  }

  private take(length: number): number {
    const at = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw new RangeError(`more than ${this.bytes.length} bytes written`);
    return at;
  }
}
