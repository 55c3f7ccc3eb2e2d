import { ByteReader } from '../../bytes/reader.js';
import { ByteWriter } from '../../bytes/writer.js';
import { MailslotError } from '../../errors.js';
import { MAX_MOMENT, MAX_PROCESS_ID } from '../../limits.js';
import type { Access } from '../namespace/name-space.js';
import type { SlotInfo, WhenFull } from '../slot-info.js';

/**
 * The body of an INFO answer.
 *
 *      0  4  process id                     24  8  messages waiting       72  8  messages received
 *      4  4  user id, ffffffff: none        32  8  queue's bound          80  8  delivered
 *      8  1  access: 0 owner, 1 group,      40  8  queue's use            88  8  dropped
 *            2 everyone                     48  8  writers                96  8  rejected
 *      9  1  full: 0 block, 1 reject,       56  8  created, ms           104  4  length of the name
 *            2 drop-newest, 3 drop-oldest   64  4  longest message       108  …  name, UTF-8; what
 *     10  2  0                                     that is taken                 follows is ignored
 *     12  4  maxMessageSize                 68  4  0
 *     16  4  read timeout, ffffffff: forever
 *     20  4  next message, ffffffff: none
 */
const ACCESS: readonly Access[] = ['owner', 'group', 'everyone'];
const WHEN_FULL: readonly WhenFull[] = ['block', 'reject', 'drop-newest', 'drop-oldest'];

const NONE = 0xffff_ffff;
const FIXED = 108;

export function encodeInfo(info: SlotInfo): Uint8Array {
  const name = Buffer.from(info.name);
  return new ByteWriter(FIXED + name.length)
    .u32(info.pid)
    .u32(info.owner ?? NONE)
    .u8(ACCESS.indexOf(info.access))
    .u8(WHEN_FULL.indexOf(info.whenFull))
    .u16(0)
    .u32(info.maxMessageSize)
    .u32(Math.min(Math.ceil(info.readTimeout), NONE))
    .u32(info.nextMessageSize ?? NONE)
    .u64(info.messageCount)
    .u64(info.queueBytes)
    .u64(info.queueUsed)
    .u64(info.writers)
    .u64(info.createdAt)
    .u32(info.messageLimit)
    .u32(0)
    .u64(info.received)
    .u64(info.delivered)
    .u64(info.dropped)
    .u64(info.rejected)
    .u32(name.length)
    .slice(name)
    .done();
}

export function decodeInfo(body: Uint8Array): SlotInfo {
  const reader = new ByteReader(body, "the slot's information");
  const optional = (): number | undefined => noneOr(reader.u32());
  const fields = {
    pid: processId(reader.u32()),
    owner: optional(),
    access: oneOf(ACCESS, reader.u8()),
    whenFull: oneOf(WHEN_FULL, reader.u8()),
    reserved: reader.u16(),
    maxMessageSize: reader.u32(),
    readTimeout: optional() ?? Number.POSITIVE_INFINITY,
    nextMessageSize: optional(),
    messageCount: reader.u64(),
    queueBytes: reader.u64(),
    queueUsed: reader.u64(),
    writers: reader.u64(),
    createdAt: moment(reader.u64()),
    messageLimit: reader.u32(),
    reserved2: reader.u32(),
    received: reader.u64(),
    delivered: reader.u64(),
    dropped: reader.u64(),
    rejected: reader.u64(),
  };
  const { reserved, reserved2, ...info } = fields;
  return { name: Buffer.from(reader.slice(reader.u32())).toString(), ...info };
}

/** A number that no process has would be another word to who ends one by it: 0 is a whole group of them, or all. */
function processId(word: number): number {
  if (word > 0 && word <= MAX_PROCESS_ID) return word;
  throw new MailslotError('ERR_MAILSLOT_MALFORMED', `the slot's information holds the process id ${word}`);
}

function moment(ms: number): number {
  if (ms <= MAX_MOMENT) return ms;
  throw new MailslotError(
    'ERR_MAILSLOT_MALFORMED',
    `the slot's information holds the time ${ms}, which no clock shows`,
  );
}

function noneOr(word: number): number | undefined {
  return word === NONE ? undefined : word;
}

function oneOf<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value !== undefined) return value;
  throw new MailslotError(
    'ERR_MAILSLOT_MALFORMED',
    `the slot's information holds the unknown value ${index}`,
  );
}
