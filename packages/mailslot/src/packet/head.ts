import { u32At } from '../bytes/reader.js';
import { putU16, putU32, putU64 } from '../bytes/writer.js';
import { MAX_PACKET } from '../limits.js';

/**
 * The outside of a packet: what stands in clear; normative: `docs/wire/lan.md`.
 *
 *      0   4  "MSLN"
 *      4   1  version 1
 *      5   1  flags 0; 1: in clear; an unknown one: not for us
 *      6   2  mark of the session, see seal.ts; 0: none
 *      8   8  key tag: which secret, of which domain
 *     16  16  salt of the session
 *     32   8  packet counter, from 1
 *     40   …  the sealed part, see messages.ts
 *    end  16  tag of the seal
 *
 * A packet in clear has no more than its first 8 bytes in front of what would be sealed.
 */
export interface Head {
  /** Key tag and salt, a byte a character: one session, one sealing key. */
  readonly session: string;
  readonly counter: number;
  /** Shows, before anything costly, that the session was begun by a member; 0: it has none. */
  readonly mark: number;
}

export const HEAD_SIZE = 40;
export const TAG_SIZE = 8;
export const SALT_SIZE = 16;
export const SEAL_SIZE = 16;
const MARK_AT = 6;
const SESSION_AT = 8;
const COUNTER_AT = 32;

/** Instance, length of the computer's name, and one byte of it. */
const SEALED_MIN = 8 + 2 + 1;

/** "MSLN" as a word, and version 1 without flags. */
const MAGIC = 0x4e4c534d;
const VERSION_1 = 1;
const CLEAR = 1;
const CLEAR_HEAD_SIZE = 8;

/**
 * What stands in clear at the front of a packet, or why it is none. Does not throw: this is where a flood is turned away.
 */
export function readHead(packet: Buffer): Head | 'malformed' | 'too-large' {
  if (packet.length > MAX_PACKET) return 'too-large';
  if (packet.length < HEAD_SIZE + SEALED_MIN + SEAL_SIZE || u32At(packet, 0) !== MAGIC) return 'malformed';
  if (packet[4] !== VERSION_1 || packet[5] !== 0) return 'malformed';
  const counter = u32At(packet, COUNTER_AT) + u32At(packet, COUNTER_AT + 4) * 0x1_0000_0000;
  if (counter === 0 || !Number.isSafeInteger(counter)) return 'malformed';
  const mark = (packet[MARK_AT] as number) | ((packet[MARK_AT + 1] as number) << 8);
  return { session: packet.toString('latin1', SESSION_AT, COUNTER_AT), counter, mark };
}

/** What a packet in clear says, still to be taken apart. A sealed one is `foreign` to who expects those in clear. */
export function readClear(packet: Buffer): Buffer | 'malformed' | 'foreign' | 'too-large' {
  if (packet.length > MAX_PACKET) return 'too-large';
  if (packet.length < CLEAR_HEAD_SIZE + SEALED_MIN || u32At(packet, 0) !== MAGIC) return 'malformed';
  if (packet[4] !== VERSION_1) return 'malformed';
  return packet[5] === CLEAR ? packet.subarray(CLEAR_HEAD_SIZE) : 'foreign';
}

/** The first {@link CLEAR_HEAD_SIZE} bytes of a packet in clear. */
export function clearHead(): Buffer {
  const head = Buffer.alloc(CLEAR_HEAD_SIZE);
  putU32(head, 0, MAGIC);
  head[4] = VERSION_1;
  head[5] = CLEAR;
  return head;
}

/** The first {@link HEAD_SIZE} bytes of a sealed packet. */
export function headOf({ session, counter, mark }: Head): Buffer {
  const head = Buffer.alloc(HEAD_SIZE);
  putU32(head, 0, MAGIC);
  head[4] = VERSION_1;
  putU16(head, MARK_AT, mark);
  head.write(session, SESSION_AT, 'latin1');
  putU64(head, COUNTER_AT, counter);
  return head;
}

/** The name of the session that seals with the secret of `tag` and this salt. */
export function sessionOf(tag: string, salt: Uint8Array): string {
  return tag + Buffer.from(salt).toString('latin1');
}

export function tagOfSession(session: string): string {
  return session.slice(0, TAG_SIZE);
}

export function saltOfSession(session: string): Buffer {
  return Buffer.from(session.slice(TAG_SIZE), 'latin1');
}
