import type { Random } from '../ports/random.js';

/**
 * Chance that comes out the same for the same seed, on every machine and in every version: the generator sfc32, which
 * uses nothing but 32-bit integers. For tests only: who has seen some of it can tell the rest.
 */
export class SeededRandom implements Random {
  private a: number;
  private b: number;
  private c = 0x6d73_6c74;
  private counter = 1;

  /** @param seed a whole number from 0 to 2^53 - 1. */
  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.floor(seed / 0x1_0000_0000) | 0;
    // So many rounds spread each bit of the seed over the whole state: neighbouring seeds have nothing in common.
    for (let round = 0; round < 15; round += 1) this.word();
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.word() >>> 24;
    return bytes;
  }

  /** At least 0 and less than 1. */
  fraction(): number {
    return this.word() / 0x1_0000_0000;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** True for such a share of the calls. A share of 0 uses up no chance. */
  happens(share: number): boolean {
    return share > 0 && this.fraction() < share;
  }

  private word(): number {
    const word = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + word) | 0;
    return word >>> 0;
  }
}
