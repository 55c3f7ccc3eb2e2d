import type { ByteReader } from '../bytes/reader.js';
import { MailslotError } from '../errors.js';

/*
 * How every message of the slot `$browse` begins; docs/wire/browse.md.
 *
 *      0  1  version: 1
 *      1  1  kind: 1 announcement, 2 goodbye, 3 part of a roster
 */
export const VERSION = 1;

export const ANNOUNCEMENT = 1;
export const GOODBYE = 2;
export const ROSTER_PART = 3;

/** The eight bytes of an instance or a machine. */
export function bytesOfId(id: string): Uint8Array {
  return Buffer.from(id, 'hex');
}

/** An instance or a machine, from its eight bytes: 16 hexadecimal digits. */
export function readId(reader: ByteReader): string {
  const { buffer, byteOffset, length } = reader.slice(8);
  return Buffer.from(buffer, byteOffset, length).toString('hex');
}

export function malformed(what: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_MALFORMED', `a message of discovery holds ${what}`);
}
