import { MailslotError } from 'mailslot';
import { Grown } from '../../input/grown.js';
import { utf16Of } from '../../input/text-input.js';
import { UsageError } from '../../terminal/exit.js';
import { sizeInWords } from '../../terminal/size.js';

/**
 * A whole stream as one message.
 *
 * @param remedy what to do about one that is too long, for the error
 * @throws MailslotError `ERR_MAILSLOT_MESSAGE_TOO_LARGE` as soon as more than `limit` bytes have come: a stream
 *   without an end takes no more memory than that
 */
export async function readBody(
  stream: AsyncIterable<Buffer>,
  limit: number,
  remedy: string,
): Promise<Buffer> {
  const body = new Grown();
  for await (const piece of stream) {
    if (body.length + piece.length > limit) throw tooLarge('the input', limit, remedy);
    body.add(piece);
  }
  return body.take();
}

/**
 * The lines of a stream, in batches as they come, without their `\n` or `\r\n`. The last line needs no end.
 *
 * @throws MailslotError `ERR_MAILSLOT_MESSAGE_TOO_LARGE` at a line of more than `limit` bytes, UsageError for UTF-16
 */
export async function* readLines(
  stream: AsyncIterable<Buffer>,
  limit: number,
): AsyncGenerator<readonly Buffer[], void, undefined> {
  /** The line whose end has not come. */
  const begun = new Grown();
  let number = 1;
  const check = (bytes: number): void => {
    if (bytes > limit) throw tooLarge(`line ${number}`, limit, 'break it up');
  };
  for await (const chunk of stream) {
    if (number === 1 && begun.length === 0 && utf16Of(chunk) !== undefined) throw utf16Lines();
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const line = withoutCr(ended(begun, chunk.subarray(start, end)));
      check(line.length);
      lines.push(line);
      number += 1;
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    const rest = chunk.subarray(start);
    // One byte more than the limit may be the CR of a line end.
    check(begun.length + rest.length - 1);
    begun.add(rest);
  }
  if (begun.length > 0) {
    const line = begun.take();
    check(line.length);
    yield [line];
  }
}

const LF = 10;
const CR = 13;

function ended(begun: Grown, end: Buffer): Buffer {
  if (begun.length === 0) return end;
  begun.add(end);
  return begun.take();
}

function withoutCr(line: Buffer): Buffer {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}

/** A line feed of UTF-16 has two bytes: each line would be cut within a character. */
function utf16Lines(): UsageError {
  return new UsageError(
    'the input is UTF-16, which --lines cannot split; convert it first with "iconv -f UTF-16 -t UTF-8"',
  );
}

function tooLarge(what: string, limit: number, remedy: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    `${what} has more than ${sizeInWords(limit)}, the most that a message may have`,
    { limit, remedy },
  );
}
