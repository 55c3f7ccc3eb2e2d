import type { ByteReader } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import { isComputerName } from './computer-name.js';
import { type Facts, putFacts, readFacts, sizeOfFacts } from './facts.js';
import { bytesOfId, malformed, ROSTER_PART, readId, VERSION } from './header.js';

/** What one instance knows of another. */
export interface RosterEntry {
  readonly instance: string;
  readonly computer: string;
  /** Where it was heard from; empty if the teller does not know, as of itself. */
  readonly address: string;
  /** When it was heard last: milliseconds ago. */
  readonly ageMs: number;
  readonly facts: Facts;
}

/**
 * One of the messages in which a roster is handed over; behind the header:
 *
 *      2  1  for whom: 0 one newcomer, 1 the whole domain
 *      3  1  0
 *      4  2  which part, from 0
 *      6  2  number of parts
 *      8  2  number of entries, each
 *              0  8  instance
 *              8  4  heard so many ms ago
 *             12  2  length of the computer's name, then the name, UTF-8
 *              …  1  length of the address, then the address, ASCII
 *              …     facts
 */
export interface RosterPart {
  readonly kind: 'roster';
  readonly isForAll: boolean;
  readonly part: number;
  readonly parts: number;
  readonly entries: readonly RosterEntry[];
}

const HEADER = 10;
const FIXED = 15;
const MAX_PARTS = 0xffff;
const ADDRESS = /^[!-~]*$/;

/**
 * A roster as messages of about `partBytes`; an entry that is longer by itself has its own, and over `limit` it is left
 * out.
 */
export function encodeRoster(
  entries: Iterable<RosterEntry>,
  isForAll: boolean,
  limit: number,
  partBytes: number = limit,
): Uint8Array[] {
  const parts: { entries: Sized[]; size: number }[] = [];
  for (const entry of entries) {
    const sized = measured(entry);
    if (HEADER + sized.size > limit) continue;
    const last = parts.at(-1);
    if (last === undefined || last.size + sized.size > partBytes) {
      parts.push({ entries: [sized], size: HEADER + sized.size });
    } else {
      last.entries.push(sized);
      last.size += sized.size;
    }
  }
  const count = Math.min(parts.length, MAX_PARTS);
  return parts.slice(0, count).map(({ entries: inside, size }, part) => {
    const writer = new ByteWriter(size)
      .u8(VERSION)
      .u8(ROSTER_PART)
      .u8(Number(isForAll))
      .u8(0)
      .u16(part)
      .u16(count)
      .u16(inside.length);
    for (const each of inside) putEntry(writer, each);
    return writer.done();
  });
}

interface Sized {
  readonly entry: RosterEntry;
  readonly computer: Uint8Array;
  readonly address: Uint8Array;
  readonly size: number;
}

function measured(entry: RosterEntry): Sized {
  const computer = Buffer.from(entry.computer);
  // An address that is no address is of no use to others.
  const isShort = entry.address.length <= 0xff && ADDRESS.test(entry.address);
  const address = Buffer.from(isShort ? entry.address : '', 'latin1');
  return {
    entry,
    computer,
    address,
    size: FIXED + computer.length + address.length + sizeOfFacts(entry.facts),
  };
}

function putEntry(writer: ByteWriter, { entry, computer, address }: Sized): void {
  writer
    .slice(bytesOfId(entry.instance))
    .u32(Math.min(Math.max(0, Math.round(entry.ageMs)), 0xffff_ffff))
    .u16(computer.length)
    .slice(computer)
    .u8(address.length)
    .slice(address);
  putFacts(writer, entry.facts);
}

/**
 * What follows version and kind.
 *
 * @throws MailslotError `ERR_MAILSLOT_MALFORMED`
 */
export function readRosterPart(reader: ByteReader): RosterPart {
  const isForAll = reader.u8() === 1;
  reader.u8();
  const part = reader.u16();
  const parts = reader.u16();
  if (part >= parts) throw malformed(`part ${part} of ${parts}`);
  const entries: RosterEntry[] = [];
  for (let left = reader.u16(); left > 0; left -= 1) entries.push(readEntry(reader));
  return { kind: 'roster', isForAll, part, parts, entries };
}

function readEntry(reader: ByteReader): RosterEntry {
  const instance = readId(reader);
  const ageMs = reader.u32();
  const computer = utf8(reader.slice(reader.u16()));
  if (!isComputerName(computer)) throw malformed('a name that no computer can have');
  const address = String.fromCharCode(...reader.slice(reader.u8()));
  if (!ADDRESS.test(address)) throw malformed('an address that cannot be shown');
  return { instance, ageMs, computer, address, facts: readFacts(reader) };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed('a name that is not UTF-8');
  }
}
