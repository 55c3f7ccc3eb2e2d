import { closeSync, constants, openSync, readSync } from 'node:fs';

const STEP = 64 * 1024;

/** What the file has; `undefined`: more than `limit` bytes, of which no more are read. A pipe is read to its end. */
export function readAtMost(
  path: string,
  limit: number,
  flags: number = constants.O_RDONLY,
): Buffer | undefined {
  const descriptor = openSync(path, flags);
  try {
    const pieces: Buffer[] = [];
    let length = 0;
    while (length <= limit) {
      const piece = Buffer.alloc(Math.min(STEP, limit + 1 - length));
      const got = readSync(descriptor, piece);
      if (got === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, got));
      length += got;
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** A small file as text; what took its place and does not end, or has nothing yet, is not waited for. `undefined`: more. */
export function readSmall(path: string): string | undefined {
  const { O_RDONLY, O_NONBLOCK = 0 } = constants;
  return readAtMost(path, SMALL_FILE_MAX, O_RDONLY | O_NONBLOCK)?.toString();
}

const SMALL_FILE_MAX = 4096;
