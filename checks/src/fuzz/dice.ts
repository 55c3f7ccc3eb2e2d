/** Draws a whole number from 0 up to, not including, `sides`. */
export type Dice = (sides: number) => number;

/** Chance that can be repeated: the same seed gives the same numbers. (mulberry32) */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

export function bytesOf(dice: Dice, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (; at + 4 <= length; at += 4) bytes.writeUInt32LE(dice(2 ** 32), at);
  for (; at < length; at += 1) bytes[at] = dice(256);
  return bytes;
}

export function pick<T>(dice: Dice, choices: readonly T[]): T {
  return choices[dice(choices.length)] as T;
}
