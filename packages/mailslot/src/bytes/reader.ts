import { MailslotError } from '../errors.js';

/** The little-endian number in the four bytes at `at`; the caller has checked that they are there. */
export function u32At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

/**
 * Reads little-endian fields one after the other and never beyond the end.
 *
 * Every method throws MailslotError `ERR_MAILSLOT_MALFORMED` when fewer bytes are left than it needs.
 */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly what: string;
  private at = 0;

  /** @param what names the layout in errors, as `the greeting`. */
  constructor(bytes: Uint8Array, what: string) {
    this.bytes = bytes;
    this.what = what;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.bytes[this.take(1)] as number;
  }

  u16(): number {
    const at = this.take(2);
    return (this.bytes[at] as number) | ((this.bytes[at + 1] as number) << 8);
  }

  u32(): number {
    return u32At(this.bytes, this.take(4));
  }

  /** Eight bytes; a value that a number cannot hold exactly is refused. */
  u64(): number {
    const low = this.u32();
    const value = this.u32() * 0x1_0000_0000 + low;
    if (!Number.isSafeInteger(value)) throw this.malformed('a number is too large');
    return value;
  }

  /** A view of the next `length` bytes. */
  slice(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  private take(length: number): number {
    if (length > this.left) throw this.malformed(`${length} bytes expected, ${this.left} left`);
    const at = this.at;
    this.at += length;
    return at;
  }

  private malformed(reason: string): MailslotError {
    return new MailslotError(
      'ERR_MAILSLOT_MALFORMED',
      `${this.what} is malformed at byte ${this.at}: ${reason}`,
    );
  }
}
