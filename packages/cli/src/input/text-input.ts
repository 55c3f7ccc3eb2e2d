import { isUtf8 } from 'node:buffer';
import { byteEscape } from '../terminal/escape.js';
import { firstInvalid } from '../terminal/escape-bytes.js';
import { UsageError } from '../terminal/exit.js';
import { sizeInWords } from '../terminal/size.js';
import { inWords } from '../terminal/system-words.js';
import { readAtMost } from './read-at-most.js';

/**
 * Text that people will read, or that is parsed: UTF-8, or what a byte order mark says (UTF-8, UTF-16), as Windows writes
 * files. The mark is no part of the text.
 *
 * @param what names where it came from, as `standard input`
 * @throws UsageError with the place of the first byte that is none of that: nothing is guessed, and nothing garbled
 */
export function decodeText(bytes: Uint8Array, what: string): string {
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) return decodeUtf16(bytes, utf16, what);
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const at = firstInvalid(bytes);
  const shown = byteEscape(bytes[at] as number);
  throw new UsageError(
    `${what} is not UTF-8: byte ${at + 1} is ${shown}; convert it first, from Latin-1 with "iconv -f LATIN1 -t UTF-8"`,
  );
}

/** A policy, a password: what is longer was named by mistake. */
const TEXT_FILE_MAX = 2 ** 20;

/** A file as {@link decodeText} reads it. */
export function readTextFile(path: string): string {
  let bytes: Buffer | undefined;
  try {
    bytes = readAtMost(path, TEXT_FILE_MAX);
  } catch (error) {
    throw new Error(inWords(`cannot read ${path}: ${(error as Error).message}`), { cause: error });
  }
  if (bytes === undefined)
    throw new UsageError(`${path} has more than ${sizeInWords(TEXT_FILE_MAX)}: it was named by mistake`);
  return decodeText(bytes, path);
}

/** By its byte order mark; `undefined`: it has none. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

function decodeUtf16(bytes: Uint8Array, encoding: string, what: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${what} begins as UTF-16 and does not go on as that; convert it to UTF-8 first`);
  }
}
