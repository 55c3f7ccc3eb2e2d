import { isUtf8 } from 'node:buffer';
import type { Control, DecodedPacket } from '../../../packages/mailslot/dist/packet/message-reader.js';
import type { Datagram } from '../../../packages/mailslot/dist/transport/datagram.js';

/** The domain of all packets here. */
export const DOMAIN = 'Office';

/** What a receiver knows that `docs/wire/lan.md` does not. */
export interface Known {
  readonly tag: Buffer;
  /** Of a session that is its own. */
  readonly ownSalt: Buffer;
  /** Of the one session that it may know of others, and the one packet of it that it has opened. */
  readonly salt: Buffer;
  readonly seen: number | undefined;
  /** By how many interfaces and families packets come to it. */
  readonly ways: number;
  readonly isSealTrue: boolean;
}

const WINDOW = 2048;

/** Section 5 of `docs/wire/lan.md`, as plainly as it can be said: what comes of a packet before its sealed part is read. */
export function fateOf(packet: Buffer, { tag, ownSalt, salt, seen, ways, isSealTrue }: Known): string {
  if (packet.length > 65_507) return 'too-large';
  if (packet.length < 67 || packet.toString('latin1', 0, 6) !== 'MSLN\x01\0') return 'malformed';
  const counter = packet.readBigUInt64LE(32);
  if (counter === 0n || counter >= 2n ** 53n) return 'malformed';
  if (!packet.subarray(8, 16).equals(tag)) return 'foreign';
  const itsSalt = packet.subarray(16, 32);
  if (itsSalt.equals(ownSalt)) return 'own';
  if (seen !== undefined && itsSalt.equals(salt)) {
    const behind = seen - Number(counter);
    if (behind === 0) return ways > 1 ? 'copy' : 'replay';
    // The first one that seems too late is opened, and is an older one after all.
    if (behind >= WINDOW) return isSealTrue ? 'replay' : 'forged';
  }
  return isSealTrue ? 'decoded' : 'forged';
}

/** Sections 4 and 6 of the page: what a sealed part says; undefined if it is to be thrown away. */
export function packetOf(plain: Buffer): DecodedPacket | undefined {
  const bytes = new Cursor(plain);
  const instance = bytes.take(8).toString('hex');
  const computer = bytes.text();
  const datagrams: Datagram[] = [];
  const controls: Control[] = [];
  let isRight = isHost(computer);
  while (isRight && !bytes.isOver && bytes.left > 0) {
    const kind = bytes.number(1);
    const identity = { instance, counter: bytes.number(8), stamp: bytes.number(8) };
    const sequence = bytes.number(8);
    const name = bytes.text();
    const slot = bytes.text();
    const size = bytes.number(4);
    const data = bytes.take(size);
    isRight = slot !== undefined && slot !== '' && Buffer.byteLength(slot) <= 2048 && size <= 61_440;
    const scope = kind >= 16 && kind < 32 ? 'lan' : 'site';
    const addressing = scope === 'lan' ? kind - 16 : kind;
    if (kind === 3 || kind === 4) controls.push({ kind, stamp: identity.stamp, data });
    if (addressing !== 1 && addressing !== 2) continue;
    const isOwnDomain = addressing === 2 && name === '';
    isRight &&= (isOwnDomain || isHost(name)) && identity.counter > 0 && sequence > 0;
    if (!isRight) break;
    const to = {
      kind: addressing === 1 ? 'computer' : 'domain',
      name: isOwnDomain ? DOMAIN : name,
    } as Datagram['to'];
    datagrams.push({ identity, from: computer as string, to, sequence, slot: slot as string, scope, data });
  }
  return isRight && !bytes.isOver
    ? { instance, computer: computer as string, datagrams, ...(controls.length > 0 && { controls }) }
    : undefined;
}

function isHost(name: string | undefined): boolean {
  return name !== undefined && name !== '' && name.length <= 255 && !/[\0/\\]/.test(name);
}

/** Reads on beyond the end, and notes it. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;
  isOver = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(size: number): Buffer {
    this.isOver ||= size > this.left;
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  /** A number that cannot be exact is as bad as one that is not there. */
  number(size: 1 | 2 | 4 | 8): number {
    const bytes = this.take(size);
    if (this.isOver) return 0;
    const value = size === 8 ? Number(bytes.readBigUInt64LE()) : bytes.readUIntLE(0, size);
    this.isOver = value > Number.MAX_SAFE_INTEGER;
    return value;
  }

  /** Undefined: ill-formed. */
  text(): string | undefined {
    const bytes = this.take(this.number(2));
    return isUtf8(bytes) ? bytes.toString() : undefined;
  }
}
