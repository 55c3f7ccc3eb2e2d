import { SocketAddress } from 'node:net';
import type { ByteReader } from '../bytes/reader.js';
import type { ByteWriter } from '../bytes/writer.js';
import { MailslotError } from '../errors.js';
import type { Family } from './interfaces.js';

/** Where a socket is bound, without a zone: that means something on its own computer only. */
export interface UdpAddress {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
}

/*
 * On the wire:
 *
 *      0  1  family: 4 or 6
 *      1  2  port
 *      3  …  4 or 16 bytes of the address, in network order
 */
const SIZES: Readonly<Record<Family, number>> = { IPv4: 3 + 4, IPv6: 3 + 16 };

export function sizeOfAddresses(addresses: readonly UdpAddress[]): number {
  return addresses.reduce((size, { family }) => size + SIZES[family], 1);
}

export function putAddresses(writer: ByteWriter, addresses: readonly UdpAddress[]): void {
  writer.u8(addresses.length);
  for (const { family, address, port } of addresses) {
    writer.u8(family === 'IPv4' ? 4 : 6).u16(port);
    writer.slice(family === 'IPv4' ? bytesOfV4(address) : bytesOfV6(address));
  }
}

/** @throws MailslotError `ERR_MAILSLOT_MALFORMED` */
export function readAddresses(reader: ByteReader): UdpAddress[] {
  const addresses: UdpAddress[] = [];
  for (let left = reader.u8(); left > 0; left -= 1) addresses.push(readAddress(reader));
  return addresses;
}

function readAddress(reader: ByteReader): UdpAddress {
  const family = reader.u8();
  const port = reader.u16();
  if (family === 4) return { family: 'IPv4', address: reader.slice(4).join('.'), port };
  if (family !== 6) throw new MailslotError('ERR_MAILSLOT_MALFORMED', `an address of the family ${family}`);
  const bytes = Buffer.from(reader.slice(16));
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16));
  // The spelling of the system: addresses are compared as text.
  const { address } = new SocketAddress({ family: 'ipv6', address: groups.join(':') });
  return { family: 'IPv6', address, port };
}

function bytesOfV4(address: string): Uint8Array {
  return Uint8Array.from(address.split('.'), Number);
}

function bytesOfV6(address: string): Uint8Array {
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const bytes = Buffer.alloc(16);
  for (const [at, group] of [...before, ...Array<string>(zeros).fill('0'), ...after].entries()) {
    bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * at);
  }
  return bytes;
}
