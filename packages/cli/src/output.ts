/**
 * Writes to standard output (or error) and waits until the system has taken it: a slow reader slows us down instead of
 * filling memory.
 *
 * @throws the system's error; EPIPE when the reader has gone
 */
export function print(
  chunk: string | Uint8Array,
  stream: NodeJS.WriteStream = process.stdout,
): Promise<void> {
  // Each write's own callback tells of errors; without a listener the event would end the process.
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
