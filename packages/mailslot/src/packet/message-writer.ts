import { putU16, putU32, putU64 } from '../bytes/writer.js';
import { MailslotError } from '../errors.js';
import { MAX_PACKET_MESSAGE, MAX_PACKET_PATH_BYTES } from '../limits.js';
import type { Datagram } from '../transport/datagram.js';
import { HEAD_SIZE, SEAL_SIZE } from './head.js';

/**
 * The sealed part of a packet; normative: `docs/wire/lan.md`.
 *
 *     8  instance                        then messages up to the end:
 *     2  length of the computer            1  kind: 1 to a computer, 2 to a domain; and 16 if it stays on its LAN
 *     …  the sender's computer                3 probe, 4 answer: see lan/probe-message.ts
 *                                          8  counter
 *                                          8  stamp, ms since 1970
 *                                          8  sequence
 *                                          2  length of the addressee; 0: the own domain
 *                                          …  addressee
 *                                          2  length of the slot
 *                                          …  slot
 *                                          4  length of the data
 *                                          …  data
 */
export const KINDS = { computer: 1, domain: 2 } as const;

/** Messages of the transport `lan` to itself: how long a packet may be, and where to. Others skip them. */
export const CONTROL_KINDS = { probe: 3, answer: 4 } as const;
export const WITHIN_LAN = 0x10;

const FIXED = 1 + 8 + 8 + 8 + 2 + 2 + 4;
const NOTHING = Buffer.alloc(0);

/** What comes before the messages. */
export function encodeSender(instance: string, computer: string): Buffer {
  const name = Buffer.from(computer);
  const bytes = Buffer.alloc(8 + 2 + name.length);
  bytes.write(instance, 'hex');
  putU16(bytes, 8, name.length);
  name.copy(bytes, 10);
  return bytes;
}

/** How much longer a packet is than the data of its only message, to one computer. */
export function aroundMessage(from: string, to: string, slot: string): number {
  const names = Buffer.byteLength(from) + Buffer.byteLength(to) + Buffer.byteLength(slot);
  return HEAD_SIZE + 8 + 2 + FIXED + names + SEAL_SIZE;
}

/** The slot's place in a control message, which no slot takes: older receivers want one there. */
const CONTROL_SLOT = Buffer.from('$probe');

/** How much longer a control message is than its data. */
export const CONTROL_SIZE: number = FIXED + CONTROL_SLOT.length;

/** A control message of any length. */
export function encodeControl(kind: number, stamp: number, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(CONTROL_SIZE + data.length);
  bytes[0] = kind;
  putU64(bytes, 9, stamp);
  const at = putText(bytes, putText(bytes, 25, NOTHING), CONTROL_SLOT);
  putU32(bytes, at, data.length);
  bytes.set(data, at + 4);
  return bytes;
}

/** Lays out messages of one domain. One writer serves one message after the other. */
export class MessageWriter {
  private readonly domain: string;
  private readonly slots = new LastText();
  private readonly addressees = new LastText();
  private slot: Buffer = NOTHING;
  private addressee: Buffer = NOTHING;

  constructor(domain: string) {
    this.domain = domain;
  }

  /**
   * How many bytes {@link put} will need for the same message. Throws MailslotError `ERR_MAILSLOT_MESSAGE_TOO_LARGE`, or
   * `ERR_MAILSLOT_INVALID_NAME` for a slot's path that is too long for a packet.
   */
  measure({ data, slot, to }: Datagram): number {
    if (data.length > MAX_PACKET_MESSAGE) throw tooLarge(data.length);
    this.slot = this.slots.bytesOf(slot);
    if (this.slot.length > MAX_PACKET_PATH_BYTES) throw tooLong(slot, this.slot.length);
    const isOwnDomain = to.kind === 'domain' && to.name === this.domain;
    this.addressee = isOwnDomain ? NOTHING : this.addressees.bytesOf(to.name);
    return FIXED + this.addressee.length + this.slot.length + data.length;
  }

  /** Writes the message that was measured last, and returns where it ends. */
  put({ identity, to, sequence, scope, data }: Datagram, bytes: Buffer, start: number): number {
    bytes[start] = scope === 'site' ? KINDS[to.kind] : KINDS[to.kind] | WITHIN_LAN;
    putU64(bytes, start + 1, identity.counter);
    putU64(bytes, start + 9, identity.stamp);
    putU64(bytes, start + 17, sequence);
    const at = putText(bytes, putText(bytes, start + 25, this.addressee), this.slot);
    putU32(bytes, at, data.length);
    bytes.set(data, at + 4);
    return at + 4 + data.length;
  }
}

function putText(bytes: Buffer, at: number, text: Buffer): number {
  putU16(bytes, at, text.length);
  bytes.set(text, at + 2);
  return at + 2 + text.length;
}

/** The bytes of a text, which mostly is the same as the last time. */
class LastText {
  private text = '';
  private bytes: Buffer = NOTHING;

  bytesOf(text: string): Buffer {
    if (text !== this.text) {
      this.text = text;
      this.bytes = Buffer.from(text);
    }
    return this.bytes;
  }
}

function tooLarge(size: number): MailslotError {
  const limit = MAX_PACKET_MESSAGE;
  const text = `a message of ${size} bytes is over the ${limit} that a packet carries: split it`;
  return new MailslotError('ERR_MAILSLOT_MESSAGE_TOO_LARGE', text, { size, limit });
}

function tooLong(slot: string, size: number): MailslotError {
  const shown = JSON.stringify(`${slot.slice(0, 40)}…`);
  const text = `the slot ${shown} has ${size} bytes and a packet carries ${MAX_PACKET_PATH_BYTES}: give it a shorter name`;
  return new MailslotError('ERR_MAILSLOT_INVALID_NAME', text);
}
