/** The slot of the cases, as P in the list. */
export const P: string = String.raw`\\.\mailslot\conformance`;

/** The buffer of the cases. */
export const BUFFER = 16;

export const FOREVER: number = Number.POSITIVE_INFINITY;

/** All ones: on Windows no limit and no time-out, as given to a function. */
export const ALL_ONES = 0xffff_ffff;

export function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

/** Eight bytes that are no text. */
export const EIGHT: Uint8Array = Uint8Array.from([0, 1, 2, 3, 252, 253, 254, 255]);
