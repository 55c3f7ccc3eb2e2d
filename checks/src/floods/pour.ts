import type { Writable } from 'node:stream';

/** Writes `bytes` again and again, as fast as they are taken. */
export function pour(stream: Writable, bytes: Buffer | string): void {
  const more = (): void => {
    while (!stream.destroyed && stream.write(bytes));
  };
  stream.on('drain', more);
  more();
}
