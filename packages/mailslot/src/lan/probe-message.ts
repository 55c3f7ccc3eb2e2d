import { ByteReader } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import { putAddresses, readAddresses, sizeOfAddresses, type UdpAddress } from './udp-address.js';

/**
 * "Did a packet of this length arrive, and where?" The data of a control message; normative: `docs/wire/lan.md`.
 *
 *      0  8  nonce: the same in all sizes of one try
 *      8  1  1: no answer was heard before, so that it should come by the group as well; else 0
 *      9  …  addresses of who asks: 1 number, then each
 *      …  1  number of instances that are asked
 *      …  …  their ids, 8 bytes each
 *      …  …  zeros, up to the length that is tried
 */
export interface Probe {
  /** 16 hexadecimal digits. */
  readonly nonce: string;
  readonly isUnheard: boolean;
  readonly addresses: readonly UdpAddress[];
  readonly asked: readonly string[];
}

/**
 * "This is the longest that came." The data of a control message.
 *
 *      0  8  the instance that asked
 *      8  8  nonce
 *     16  4  bytes of the longest packet with that nonce
 *     20  1  1: it came by the group. 0: to one of the addresses here, and that follows
 *      …  …  addresses of who answers: the one that it came to, if so, first
 */
export interface ProbeAnswer {
  readonly asker: string;
  readonly nonce: string;
  readonly size: number;
  readonly isByGroup: boolean;
  readonly addresses: readonly UdpAddress[];
}

const ID_SIZE = 8;

/** How many bytes a probe needs at least. */
export function sizeOfProbe({ addresses, asked }: Pick<Probe, 'addresses' | 'asked'>): number {
  return ID_SIZE + 1 + sizeOfAddresses(addresses) + 1 + ID_SIZE * asked.length;
}

/** @param size of the data, no less than {@link sizeOfProbe} */
export function encodeProbe({ nonce, isUnheard, addresses, asked }: Probe, size: number): Uint8Array {
  const writer = new ByteWriter(size).slice(Buffer.from(nonce, 'hex')).u8(Number(isUnheard));
  putAddresses(writer, addresses);
  writer.u8(asked.length);
  for (const instance of asked) writer.slice(Buffer.from(instance, 'hex'));
  return writer.slice(new Uint8Array(size - sizeOfProbe({ addresses, asked }))).done();
}

/** @throws MailslotError `ERR_MAILSLOT_MALFORMED` */
export function readProbe(data: Uint8Array): Probe {
  const reader = new ByteReader(data, 'a probe');
  const nonce = readId(reader);
  const isUnheard = reader.u8() === 1;
  const addresses = readAddresses(reader);
  const asked: string[] = [];
  for (let left = reader.u8(); left > 0; left -= 1) asked.push(readId(reader));
  return { nonce, isUnheard, addresses, asked };
}

export function encodeAnswer({ asker, nonce, size, isByGroup, addresses }: ProbeAnswer): Uint8Array {
  const writer = new ByteWriter(2 * ID_SIZE + 4 + 1 + sizeOfAddresses(addresses))
    .slice(Buffer.from(asker, 'hex'))
    .slice(Buffer.from(nonce, 'hex'))
    .u32(size)
    .u8(Number(isByGroup));
  putAddresses(writer, addresses);
  return writer.done();
}

/** @throws MailslotError `ERR_MAILSLOT_MALFORMED` */
export function readAnswer(data: Uint8Array): ProbeAnswer {
  const reader = new ByteReader(data, 'an answer to a probe');
  const asker = readId(reader);
  const nonce = readId(reader);
  const size = reader.u32();
  const isByGroup = reader.u8() === 1;
  return { asker, nonce, size, isByGroup, addresses: readAddresses(reader) };
}

function readId(reader: ByteReader): string {
  return Buffer.from(reader.slice(ID_SIZE)).toString('hex');
}
