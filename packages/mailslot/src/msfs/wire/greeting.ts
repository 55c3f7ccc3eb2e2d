import { ByteReader } from '../../bytes/reader.js';
import { ByteWriter } from '../../bytes/writer.js';
import { MailslotError } from '../../errors.js';
import { MAX_CONTROL_BYTES, MAX_FRAME_BODY, MAX_PROCESS_ID } from '../../limits.js';

/**
 * How the two ends of a connection meet; normative: `docs/wire/msfs.md`.
 *
 *     server → client, at once                     client → server, then
 *      0  4  "MSFS"                                 0  4  "MSFC"
 *      4  1  lowest version understood              4  1  version spoken from here on
 *      5  1  highest version understood             5  3  0
 *      6  2  0                                      8  4  process id
 *      8  4  length of the rest
 *     12  4  maxMessageSize, 0: none of its own
 *     16  4  longest message that is taken
 *     20  4  process id
 *     24  4  length of the name
 *     28  …  name, UTF-8; what follows it is ignored
 *
 * The first 12 bytes of each are the same in all versions.
 */
export interface Greeting {
  readonly maxMessageSize: number;
  readonly messageLimit: number;
  readonly pid: number;
  readonly name: string;
}

/** What this code understands; it speaks the highest that both ends do. */
export interface Versions {
  readonly lowest: number;
  readonly highest: number;
}

export const VERSIONS: Versions = { lowest: 1, highest: 1 };

export const GREETING_HEAD = 12;
export const HELLO_SIZE = 12;

const SERVER_MAGIC = Buffer.from('MSFS');
const CLIENT_MAGIC = Buffer.from('MSFC');

export function encodeGreeting(greeting: Greeting, versions: Versions = VERSIONS): Uint8Array {
  const name = Buffer.from(greeting.name);
  return new ByteWriter(28 + name.length)
    .slice(SERVER_MAGIC)
    .u8(versions.lowest)
    .u8(versions.highest)
    .u16(0)
    .u32(16 + name.length)
    .u32(greeting.maxMessageSize)
    .u32(greeting.messageLimit)
    .u32(greeting.pid)
    .u32(name.length)
    .slice(name)
    .done();
}

/** What the first {@link GREETING_HEAD} bytes of a greeting say: the version to speak, and how long all of it is. */
export function decodeGreetingHead(
  head: Uint8Array,
  versions: Versions = VERSIONS,
): { readonly version: number; readonly length: number } {
  const reader = new ByteReader(head, "the server's greeting");
  if (!SERVER_MAGIC.equals(reader.slice(4))) {
    throw new MailslotError(
      'ERR_MAILSLOT_MALFORMED',
      'what listens there is no mailslot: it did not greet as one',
    );
  }
  const version = commonVersion({ lowest: reader.u8(), highest: reader.u8() }, versions);
  reader.u16();
  const length = GREETING_HEAD + reader.u32();
  if (length <= MAX_CONTROL_BYTES) return { version, length };
  throw new MailslotError('ERR_MAILSLOT_MALFORMED', `the server's greeting of ${length} bytes is too long`);
}

export function decodeGreeting(bytes: Uint8Array): Greeting {
  const reader = new ByteReader(bytes.subarray(GREETING_HEAD), "the server's greeting");
  const maxMessageSize = reader.u32();
  const messageLimit = bounded(reader.u32(), MAX_FRAME_BODY, 'a message limit');
  const pid = processId(reader.u32());
  return { maxMessageSize, messageLimit, pid, name: Buffer.from(reader.slice(reader.u32())).toString() };
}

/** Takes a server's greeting out of a stream that may be cut anywhere. */
export class GreetingParser {
  private received: Buffer = Buffer.alloc(0);

  /** The greeting, and the version to speak, once all of it is here. Throws MailslotError. */
  take(chunk: Buffer): { readonly greeting: Greeting; readonly version: number } | undefined {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    if (this.received.length < GREETING_HEAD) return undefined;
    const { version, length } = decodeGreetingHead(this.received);
    if (this.received.length < length) return undefined;
    return { greeting: decodeGreeting(this.received.subarray(0, length)), version };
  }
}

/** The version to speak with a server that understands `server`. */
export function commonVersion(server: Versions, own: Versions): number {
  const common = Math.min(server.highest, own.highest);
  if (common >= server.lowest && common >= own.lowest) return common;
  const older = server.highest < own.lowest ? 'server' : 'client';
  throw new MailslotError(
    'ERR_MAILSLOT_INCOMPATIBLE',
    `the server understands versions ${server.lowest} to ${server.highest} of the framing, ` +
      `this client ${own.lowest} to ${own.highest}: update mailslot in the ${older}'s program`,
  );
}

export function encodeHello(version: number, pid: number): Uint8Array {
  return new ByteWriter(HELLO_SIZE).slice(CLIENT_MAGIC).u8(version).slice(new Uint8Array(3)).u32(pid).done();
}

/** The client's process id, after its version was found to be one of `versions`. */
export function decodeHello(bytes: Uint8Array, versions: Versions = VERSIONS): number {
  const reader = new ByteReader(bytes, "the client's hello");
  if (!CLIENT_MAGIC.equals(reader.slice(4))) {
    throw new MailslotError(
      'ERR_MAILSLOT_MALFORMED',
      'the client did not say hello as a mailslot client does',
    );
  }
  const version = reader.u8();
  reader.slice(3);
  if (version < versions.lowest || version > versions.highest) {
    throw new MailslotError(
      'ERR_MAILSLOT_INCOMPATIBLE',
      `the client speaks version ${version} of the framing, this server understands ${versions.lowest} ` +
        `to ${versions.highest}: update mailslot in the ${version > versions.highest ? 'server' : 'client'}'s program`,
    );
  }
  return processId(reader.u32());
}

/** 0: the process has none that could be told. A program may end a process by it, and what is no number of one may be many. */
function processId(word: number): number {
  return bounded(word, MAX_PROCESS_ID, 'a process id');
}

function bounded(word: number, most: number, what: string): number {
  if (word <= most) return word;
  throw new MailslotError('ERR_MAILSLOT_MALFORMED', `the other end speaks of ${what} of ${word}`);
}
