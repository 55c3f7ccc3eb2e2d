import { ByteReader } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import { type Facts, putFacts, readFacts, sizeOfFacts } from './facts.js';
import { ANNOUNCEMENT, bytesOfId, GOODBYE, ROSTER_PART, readId, VERSION } from './header.js';
import { type RosterPart, readRosterPart } from './roster-part.js';

/**
 * "I am here." Who says so, computer and instance, stands on the envelope.
 *
 *      2  1  asks for the roster: 0 no; 1, 2, …: for which time
 *      3  1  0
 *      4  8  the instance that this one replaces; 0: none
 *     12  …  facts
 */
export interface Announcement {
  readonly kind: 'announcement';
  /** For which time it asks for the roster; 0: it does not. */
  readonly asks: number;
  readonly formerly: string | undefined;
  readonly facts: Facts;
}

/** "I am going." Nothing follows the header. */
export interface Goodbye {
  readonly kind: 'goodbye';
}

const NO_INSTANCE = '0000000000000000';
const HEADER = 2;
const FIXED = 12;

export function encodeAnnouncement({ asks, formerly, facts }: Announcement): Uint8Array {
  const writer = new ByteWriter(FIXED + sizeOfFacts(facts))
    .u8(VERSION)
    .u8(ANNOUNCEMENT)
    .u8(asks)
    .u8(0)
    .slice(bytesOfId(formerly ?? NO_INSTANCE));
  putFacts(writer, facts);
  return writer.done();
}

export function encodeGoodbye(): Uint8Array {
  return new ByteWriter(HEADER).u8(VERSION).u8(GOODBYE).done();
}

/**
 * Takes a message apart. Undefined: of a version or kind that this one does not know, and to be ignored. What follows
 * the fields is ignored too.
 *
 * @throws MailslotError `ERR_MAILSLOT_MALFORMED`
 */
export function decode(bytes: Uint8Array): Announcement | Goodbye | RosterPart | undefined {
  const reader = new ByteReader(bytes, 'a message of discovery');
  const version = reader.u8();
  const kind = reader.u8();
  if (version !== VERSION) return undefined;
  switch (kind) {
    case ANNOUNCEMENT:
      return readAnnouncement(reader);
    case GOODBYE:
      return { kind: 'goodbye' };
    case ROSTER_PART:
      return readRosterPart(reader);
    default:
      return undefined;
  }
}

function readAnnouncement(reader: ByteReader): Announcement {
  const asks = reader.u8();
  reader.u8();
  const formerly = readId(reader);
  return {
    kind: 'announcement',
    asks,
    formerly: formerly === NO_INSTANCE ? undefined : formerly,
    facts: readFacts(reader),
  };
}
