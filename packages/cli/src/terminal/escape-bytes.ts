import { isUtf8 } from 'node:buffer';
import { byteEscape, escapeText } from './escape.js';

/** As {@link escapeText} for bytes: what is not valid UTF-8 becomes `\xNN`, byte by byte. */
export function escapeBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return escapeText(bytes.toString());
  let line = '';
  let valid = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    line += `${escapeText(bytes.toString('utf8', valid, at))}${byteEscape(bytes[at] as number)}`;
    at += 1;
    valid = at;
  }
  return line + escapeText(bytes.toString('utf8', valid));
}

/** Where the first byte stands that is no UTF-8; the length when there is none. */
export function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) break;
    at += length;
  }
  return at;
}

/** Bytes of the UTF-8 sequence that starts at `at`, 0 when none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
