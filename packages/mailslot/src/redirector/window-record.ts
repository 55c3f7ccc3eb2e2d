import { u32At } from '../bytes/reader.js';
import { putU32 } from '../bytes/writer.js';

/*
 * One instance's window, in memory as in the file; all numbers little-endian:
 *
 *      0   4  1 if in use
 *      4   4  tag of the domain
 *      8   8  instance
 *     16   8  highest counter received
 *     24   8  latest time stamp received
 *     32   8  floor: messages stamped before it are not new
 *     40   8  start: lower counters are not of these numbers, ...
 *     48   8  ... and new only if they were stamped later than this
 *     56   8  0
 *     64   …  one bit for each counter up to the highest, at the counter modulo their number: it was received
 *
 * The head comes first and is aligned so that it never lies on two pages. So whatever a killed process has written of
 * a record, its head is old or new as a whole, and a bit that is out of date says "received": on the safe side.
 */

const HEAD: number = 64;
const STATE = 0;
const TAG = 4;
const INSTANCE = 8;
const HIGHEST = 16;
const STAMP = 24;
const FLOOR = 32;
const START = 40;
const BELOW = 48;

/** What stands in a record beside its bits. */
export interface RecordHead extends RecordProgress {
  readonly tag: number;
  readonly instance: string;
  readonly floor: number;
}

/** What of it changes with each message. */
export interface RecordProgress {
  readonly highest: number;
  readonly stamp: number;
  readonly start: number;
  readonly below: number;
}

/** Bytes of a record whose window is so many messages wide; a multiple of 64, as their number must be of 512. */
export function recordBytes(width: number): number {
  return HEAD + width / 8;
}

/** Makes a record for a new instance, of whose messages none was received. */
export function putRecord(image: Buffer, at: number, width: number, head: RecordHead): void {
  image.fill(0, at, at + recordBytes(width));
  putU32(image, at + STATE, 1);
  putU32(image, at + TAG, head.tag);
  image.write(head.instance, at + INSTANCE, 8, 'hex');
  putU64(image, at + FLOOR, head.floor);
  putProgress(image, at, head);
}

export function putProgress(
  image: Buffer,
  at: number,
  { highest, stamp, start, below }: RecordProgress,
): void {
  putU64(image, at + HIGHEST, highest);
  putU64(image, at + STAMP, stamp);
  putU64(image, at + START, start);
  putU64(image, at + BELOW, Math.max(0, below));
}

/** None of its counters was received. */
export function clearMarks(image: Buffer, at: number, width: number): void {
  image.fill(0, at + HEAD, at + recordBytes(width));
}

/** `undefined`: the record is not in use. */
export function readRecord(image: Buffer, at: number): RecordHead | undefined {
  if (u32At(image, at + STATE) !== 1) return undefined;
  return {
    tag: u32At(image, at + TAG),
    instance: image.toString('hex', at + INSTANCE, at + INSTANCE + 8),
    highest: readU64(image, at + HIGHEST),
    stamp: readU64(image, at + STAMP),
    floor: readU64(image, at + FLOOR),
    start: readU64(image, at + START),
    below: readU64(image, at + BELOW),
  };
}

/** Whether `counter` was received, or is so far below the highest that nobody knows. */
export function isMarked(
  image: Buffer,
  at: number,
  width: number,
  highest: number,
  counter: number,
): boolean {
  if (counter > highest) return false;
  return highest - counter >= width || hasBit(image, at + HEAD, counter % width);
}

/** Notes that `counter` was received. False: it is marked already. */
export function mark(image: Buffer, at: number, width: number, highest: number, counter: number): boolean {
  if (isMarked(image, at, width, highest, counter)) return false;
  const bits = at + HEAD;
  if (counter - highest >= width) image.fill(0, bits, bits + width / 8);
  else
    for (let skipped = highest + 1; skipped < counter; skipped += 1) clearBit(image, bits, skipped % width);
  setBit(image, bits, counter % width);
  return true;
}

function hasBit(image: Buffer, bits: number, bit: number): boolean {
  return ((image[bits + (bit >>> 3)] as number) & (1 << (bit & 7))) !== 0;
}

function setBit(image: Buffer, bits: number, bit: number): void {
  const at = bits + (bit >>> 3);
  image[at] = (image[at] as number) | (1 << (bit & 7));
}

function clearBit(image: Buffer, bits: number, bit: number): void {
  const at = bits + (bit >>> 3);
  image[at] = (image[at] as number) & ~(1 << (bit & 7));
}

export function putU64(bytes: Uint8Array, at: number, value: number): void {
  putU32(bytes, at, value % 0x1_0000_0000);
  putU32(bytes, at + 4, Math.floor(value / 0x1_0000_0000));
}

export function readU64(bytes: Uint8Array, at: number): number {
  return u32At(bytes, at + 4) * 0x1_0000_0000 + u32At(bytes, at);
}
