import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/**
 * The text of a file, of which no more is read than `limit` bytes, whatever it is or becomes meanwhile. `undefined`: it is
 * no file (a FIFO would wait for a writer, a device may have no end), or has more than that; `check` is told of it first,
 * as it is open. Throws what the system does.
 */
export function readSmallFile(
  path: string,
  limit: number,
  check: (stats: Stats) => void = () => {},
): string | undefined {
  // Non-blocking, or a FIFO in its place would wait for a writer.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    // The open file is looked at, not the path, which may lead elsewhere a moment later.
    const stats = fstatSync(descriptor);
    check(stats);
    if (!stats.isFile() || stats.size > limit) return undefined;
    // Files of /proc and such say that they have no bytes, and have as many as they like.
    const bytes = Buffer.allocUnsafe(Math.max(stats.size, GROWN) + 1);
    let length = 0;
    while (length < bytes.length) {
      const got = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (got === 0) return length > limit ? undefined : bytes.toString('utf8', 0, length);
      length += got;
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** What a file may grow by while it is read. */
const GROWN = 4096;
