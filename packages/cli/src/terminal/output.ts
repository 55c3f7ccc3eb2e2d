import { MailslotError } from 'mailslot';
import { inWords } from './system-words.js';

/** Whoever read standard output has enough (`| head -1`): there is nobody left to print for. */
export class ReaderGone extends Error {}

/**
 * Writes to standard output and waits until the system has taken it: a slow reader slows us down instead of filling
 * memory.
 *
 * @throws ReaderGone when the reader has gone, MailslotError `ERR_MAILSLOT_IO` for a disk that is full and the like
 */
export function print(chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    ours(process.stdout).write(chunk, (error) => (error ? reject(refused(error)) : resolve()));
  });
}

/** What may wait for whoever reads standard error: of more the newest is left out. */
const UNREAD_BYTES = 64 * 1024;

/**
 * Writes to standard error, for whoever reads it. Never fails and never waits: a log reader that is slow, has gone, or has
 * a full disk must end nothing and hold nothing up.
 */
export function tell(text: string): void {
  offer(text, process.stderr);
}

/** As {@link tell} on standard output, for what a command says beside its work. */
export function offer(text: string, stream: NodeJS.WriteStream = process.stdout): void {
  if (ours(stream).writableLength <= UNREAD_BYTES) stream.write(text);
}

/** A terminal to draw on; one that is gone is told by its input. */
export function drawing(): NodeJS.WriteStream {
  return ours(process.stdout);
}

/** Each write's own callback tells of errors; without a listener the event would end the process. */
function ours(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  return stream;
}

/** What a system says of a pipe or socket whose reader has gone. */
const GONE = ['EPIPE', 'EOF', 'ECONNRESET', 'ERR_STREAM_DESTROYED'];

function refused(error: NodeJS.ErrnoException): Error {
  if (GONE.includes(error.code ?? '')) return new ReaderGone();
  const text = inWords(`cannot write to standard output: ${error.message}`);
  return new MailslotError('ERR_MAILSLOT_IO', text, { cause: error });
}
