import { bytesOf, type Dice, pick } from './dice.js';

/** Numbers around which lengths and words go wrong. */
const WORDS = [
  0, 1, 2, 4, 11, 12, 13, 0x7f, 0xff, 0x100, 0x800, 0x801, 0x3fff, 0x4000, 0x4001, 0xf000, 0xf001, 0xffff,
  0x1_0000, 0x1_ffff, 0x2_0000, 0x3f_ffff, 0x40_0000, 0x40_0001, 0x7fff_ffff, 0x8000_0000, 0xffff_feff,
  0xffff_ff00, 0xffff_ff01, 0xffff_ff02, 0xffff_ff03, 0xffff_ffff,
];

type Change = (bytes: Buffer, dice: Dice) => Buffer;

const changes: readonly Change[] = [
  function flipBit(bytes, dice) {
    const at = dice(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << dice(8));
    return bytes;
  },
  function setByte(bytes, dice) {
    bytes[dice(bytes.length)] = dice(256);
    return bytes;
  },
  function setWord(bytes, dice) {
    if (bytes.length >= 4) bytes.writeUInt32LE(pick(dice, WORDS), dice(bytes.length - 3));
    return bytes;
  },
  function cutEnd(bytes, dice) {
    return bytes.subarray(0, dice(bytes.length));
  },
  function cutOut(bytes, dice) {
    const at = dice(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + dice(20))]);
  },
  function insert(bytes, dice) {
    const at = dice(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytesOf(dice, dice(20)), bytes.subarray(at)]);
  },
  function repeat(bytes, dice) {
    const at = dice(bytes.length);
    const end = at + dice(40);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
  },
];

/** A valid input as it is, with a few changes, or nothing but chance. */
export function mutated(valid: Uint8Array, dice: Dice): Buffer {
  const kind = dice(10);
  if (kind === 0) return bytesOf(dice, dice(300));
  let bytes: Buffer = Buffer.from(valid);
  if (kind === 1) return bytes;
  for (let left = 1 + dice(4); left > 0 && bytes.length > 0; left -= 1) {
    bytes = pick(dice, changes)(bytes, dice);
  }
  return bytes;
}
