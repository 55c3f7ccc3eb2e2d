import { isUtf8 } from 'node:buffer';
import { ByteReader } from '../bytes/reader.js';
import { MailslotError } from '../errors.js';
import { MAX_HOST_UNITS, MAX_PACKET_MESSAGE, MAX_PACKET_PATH_BYTES } from '../limits.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import { CONTROL_KINDS, KINDS, WITHIN_LAN } from './message-writer.js';

/** What one packet said, with its seal opened. */
export interface DecodedPacket {
  readonly instance: string;
  readonly computer: string;
  readonly datagrams: readonly Datagram[];
  /** Messages of the transport `lan` to itself, if there are any. */
  readonly controls?: readonly Control[];
}

/** What a transport says to the same one on another computer. */
export interface Control {
  readonly kind: number;
  readonly stamp: number;
  readonly data: Uint8Array;
}

/**
 * Takes the sealed part of packets of one domain apart; for its layout see message-writer.ts.
 *
 * A packet says something or it does not: nothing of a malformed one is taken. Messages are views of its bytes.
 */
export class MessageReader {
  private readonly ownDomain: Addressee;
  /** One for each place where a name stands, since each mostly holds the same name as the last time. */
  private readonly computers = new LastName(isHost);
  private readonly addressees = new LastName(isHost);
  private readonly slots = new LastName(isSlot);

  constructor(domain: string) {
    this.ownDomain = { kind: 'domain', name: domain };
  }

  read(plain: Buffer): DecodedPacket | 'malformed' | 'too-large' {
    try {
      return this.decoded(plain);
    } catch (error) {
      if (!(error instanceof MailslotError)) throw error;
      return error.code === 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' ? 'too-large' : 'malformed';
    }
  }

  private decoded(plain: Buffer): DecodedPacket {
    const reader = new ByteReader(plain, 'the packet');
    const instance = plain.toString('hex', 0, reader.slice(8).length);
    const computer = this.computers.textOf(reader.slice(reader.u16()));
    const datagrams: Datagram[] = [];
    const controls: Control[] = [];
    while (reader.left > 0) {
      const message = this.message(reader, instance, computer);
      if (message === undefined) continue;
      if ('identity' in message) datagrams.push(message);
      else controls.push(message);
    }
    return { instance, computer, datagrams, ...(controls.length > 0 && { controls }) };
  }

  private message(reader: ByteReader, instance: string, from: string): Datagram | Control | undefined {
    const kind = reader.u8();
    const identity = { instance, counter: reader.u64(), stamp: reader.u64() };
    const sequence = reader.u64();
    const to = this.addressee(kind & ~WITHIN_LAN, reader.slice(reader.u16()));
    const scope = (kind & WITHIN_LAN) === 0 ? 'site' : 'lan';
    const slot = this.slots.textOf(reader.slice(reader.u16()));
    const size = reader.u32();
    if (size > MAX_PACKET_MESSAGE) throw new MailslotError('ERR_MAILSLOT_MESSAGE_TOO_LARGE', `${size} bytes`);
    const data = reader.slice(size);
    if (kind === CONTROL_KINDS.probe || kind === CONTROL_KINDS.answer) {
      return { kind, stamp: identity.stamp, data };
    }
    if (to === undefined) return undefined;
    if (identity.counter === 0 || sequence === 0) throw malformed();
    return { identity, from, to, sequence, slot, scope, data };
  }

  /** Undefined: of a kind that a newer version has. */
  private addressee(kind: number, name: Uint8Array): Addressee | undefined {
    if (kind === KINDS.domain && name.length === 0) return this.ownDomain;
    if (kind === KINDS.domain) return { kind: 'domain', name: this.addressees.textOf(name) };
    if (kind === KINDS.computer) return { kind: 'computer', name: this.addressees.textOf(name) };
    return undefined;
  }
}

/** The text of bytes, which mostly are the same as the last time. */
class LastName {
  private readonly isName: (text: string, size: number) => boolean;
  private bytes: Uint8Array | undefined;
  private text = '';

  constructor(isName: (text: string, size: number) => boolean) {
    this.isName = isName;
  }

  textOf(bytes: Uint8Array): string {
    if (this.bytes !== undefined && isSame(bytes, this.bytes)) return this.text;
    const text = isUtf8(bytes) ? Buffer.from(bytes).toString() : '';
    if (!this.isName(text, bytes.length)) throw malformed();
    // A copy, or one name would keep a whole packet.
    this.bytes = Uint8Array.from(bytes);
    this.text = text;
    return text;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

function isHost(text: string): boolean {
  const parts = ['\0', '/', '\\'];
  return text !== '' && text.length <= MAX_HOST_UNITS && !parts.some((part) => text.includes(part));
}

function isSlot(text: string, size: number): boolean {
  return text !== '' && size <= MAX_PACKET_PATH_BYTES;
}

function malformed(): MailslotError {
  return new MailslotError('ERR_MAILSLOT_MALFORMED', 'the packet does not follow its layout');
}
