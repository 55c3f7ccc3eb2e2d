import { ERRORS, MailslotError, type MailslotErrorCode } from '../../errors.js';
import { MAX_CONTROL_BYTES } from '../../limits.js';

/*
 * What may stand before a connection of the MSFS: one line of JSON that asks, and one that answers.
 *
 *     {"do":"open","name":"//ALPHA/mailslot/x"}\n          {"ok":true}\n
 *                                                          {"error":{"code":"ERR_MAILSLOT_…","message":"…"}}\n
 *
 * Only the redirector's socket speaks so; normative: `docs/wire/redirector.md`.
 */

/** One question or answer, ready to be sent. */
export function encodeLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** An error as an answer. */
export function errorLine(error: unknown): string {
  if (error instanceof MailslotError) {
    const { code, message, remedy } = error;
    return encodeLine({ error: { code, message, remedy } });
  }
  const message = error instanceof Error ? error.message : String(error);
  return encodeLine({ error: { code: 'ERR_MAILSLOT_IO', message } });
}

/** Takes one line out of a stream that may be cut anywhere. What comes behind it is {@link rest}. */
export class LineParser {
  /** Room for what came: it doubles, and is searched once, or who sends single bytes would keep us busy. */
  private bytes: Buffer = Buffer.alloc(0);
  private end = 0;
  private searched = 0;

  /** The line, parsed, once all of it is here. Throws MailslotError `ERR_MAILSLOT_MALFORMED`. */
  take(chunk: Buffer): Record<string, unknown> | undefined {
    this.append(chunk);
    const found = this.bytes.subarray(this.searched, this.end).indexOf(0x0a);
    const lineEnd = found < 0 ? this.end : this.searched + found;
    if (lineEnd > MAX_CONTROL_BYTES) throw malformed('it is too long');
    this.searched = lineEnd;
    if (found < 0) return undefined;
    const line = this.bytes.toString('utf8', 0, lineEnd);
    this.bytes = this.bytes.subarray(lineEnd + 1, this.end);
    this.end = this.bytes.length;
    this.searched = 0;
    return objectOf(line);
  }

  /** What came behind the line. */
  get rest(): Buffer {
    return this.bytes.subarray(0, this.end);
  }

  private append(chunk: Buffer): void {
    const size = this.end + chunk.length;
    if (size > this.bytes.length) {
      const larger = Buffer.allocUnsafe(
        Math.max(size, Math.min(2 * this.bytes.length, 2 * MAX_CONTROL_BYTES)),
      );
      this.bytes.copy(larger, 0, 0, this.end);
      this.bytes = larger;
    }
    chunk.copy(this.bytes, this.end);
    this.end = size;
  }
}

/** Waits for an answer, then lets everything pass. */
export class PrefaceParser {
  private readonly lines = new LineParser();
  private isAgreed = false;

  /** What came behind the answer, `undefined` before. Throws the error that the answer is. */
  take(chunk: Buffer): Buffer | undefined {
    if (this.isAgreed) return chunk;
    const answer = this.lines.take(chunk);
    if (answer === undefined) return undefined;
    throwIfError(answer);
    this.isAgreed = true;
    return this.lines.rest;
  }
}

/** Throws the error that an answer is, if it is one. */
export function throwIfError(answer: Record<string, unknown>): void {
  const { error } = answer;
  if (error === undefined) return;
  const { code, message, remedy } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  const known = typeof code === 'string' && Object.hasOwn(ERRORS, code);
  throw new MailslotError(
    known ? (code as MailslotErrorCode) : 'ERR_MAILSLOT_IO',
    typeof message === 'string' ? message : 'no reason was given',
    { remedy: typeof remedy === 'string' ? remedy : undefined },
  );
}

function objectOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw malformed('it is no object of JSON');
}

function malformed(reason: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_MALFORMED',
    `a line of the redirector's socket is malformed: ${reason}`,
  );
}
