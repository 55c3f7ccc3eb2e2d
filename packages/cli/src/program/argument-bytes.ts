import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { escapeBytes, firstInvalid } from '../terminal/escape-bytes.js';
import { UsageError } from '../terminal/exit.js';

/**
 * Refuses arguments that were no UTF-8. Node has put U+FFFD in the place of each byte that is none; what stood there, Linux
 * tells, and elsewhere U+FFFD is taken for the trace of such a byte.
 *
 * @param words those of which one has U+FFFD
 */
export function refuseGarbled(words: readonly string[]): void {
  const raw = argumentBytes(words.length);
  const garbled = raw?.find((bytes) => !isUtf8(bytes));
  if (raw !== undefined && garbled === undefined) return;
  const what =
    garbled === undefined
      ? 'an argument was not UTF-8'
      : `the argument "${escapeBytes(garbled)}" is not UTF-8 at byte ${firstInvalid(garbled) + 1}`;
  throw new UsageError(
    `${what}; set the terminal or the script to UTF-8, or give it by standard input through "iconv -f LATIN1 -t UTF-8"`,
  );
}

/** The last arguments of this process as the system keeps them; `undefined`: it does not tell. */
function argumentBytes(count: number): readonly Buffer[] | undefined {
  try {
    const all = readFileSync('/proc/self/cmdline').toString('latin1').split('\0').slice(0, -1);
    return all.slice(-count).map((text) => Buffer.from(text, 'latin1'));
  } catch {
    return undefined;
  }
}
