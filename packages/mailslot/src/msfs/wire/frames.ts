import { ByteReader, u32At } from '../../bytes/reader.js';
import { ByteWriter } from '../../bytes/writer.js';
import { ERRORS, MailslotError, type MailslotErrorCode } from '../../errors.js';
import { MAX_CONTROL_BYTES, MAX_FAULT_TEXT } from '../../limits.js';
import type { SlotInfo } from '../slot-info.js';
import { decodeInfo, encodeInfo } from './info.js';

/**
 * What travels after greeting and hello; normative: `docs/wire/msfs.md`.
 *
 *     client → server: one word, and for a message its bytes
 *       0 … 0xfffffeff    a message of that many bytes follows
 *       0xffffff01        SYNC: say TAKEN when everything before this was taken
 *       0xffffff02        INFO: say how the slot stands
 *       0xffffff03        SENDER: the next frame is no message, but says who sent those behind it (sender.ts);
 *                         only on a connection that the slot itself has made, to the redirector
 *
 *     server → client
 *       0  4  type        1 TAKEN    u64 messages of this connection decided so far
 *       4  4  length      2 REFUSED  u64 first message (from 0), u64 how many: the queue was full
 *       8  …  body        3 INFO     see info.ts
 *                         4 FAULT    u32 Win32 number, text; the connection ends
 */
export const SYNC = 0xffff_ff01;
export const INFO = 0xffff_ff02;
export const SENDER = 0xffff_ff03;

export type Answer =
  | { readonly type: 'taken'; readonly count: number }
  | { readonly type: 'refused'; readonly first: number; readonly count: number }
  | { readonly type: 'info'; readonly info: SlotInfo }
  | { readonly type: 'fault'; readonly error: MailslotError };

const TYPES = { taken: 1, refused: 2, info: 3, fault: 4 } as const;
const HEAD = 8;

export function encodeTaken(count: number): Uint8Array {
  return new ByteWriter(HEAD + 8).u32(TYPES.taken).u32(8).u64(count).done();
}

export function encodeRefused(first: number, count: number): Uint8Array {
  return new ByteWriter(HEAD + 16).u32(TYPES.refused).u32(16).u64(first).u64(count).done();
}

export function encodeInfoAnswer(info: SlotInfo): Uint8Array {
  const body = encodeInfo(info);
  return new ByteWriter(HEAD + body.length).u32(TYPES.info).u32(body.length).slice(body).done();
}

export function encodeFault(error: MailslotError): Uint8Array {
  const text = Buffer.from(error.message);
  const writer = new ByteWriter(HEAD + 4 + text.length).u32(TYPES.fault).u32(4 + text.length);
  return writer.u32(error.win32Number).slice(text).done();
}

/** Takes a server's answers out of a stream that may be cut anywhere; what is incomplete is kept, within bounds. */
export class AnswerParser {
  private kept: Uint8Array = new Uint8Array(0);

  /** The answers that `chunk` completes. Throws MailslotError `ERR_MAILSLOT_MALFORMED`. */
  parse(chunk: Uint8Array): Answer[] {
    const bytes = this.kept.length === 0 ? chunk : Buffer.concat([this.kept, chunk]);
    const answers: Answer[] = [];
    let at = 0;
    while (bytes.length - at >= HEAD) {
      const length = u32At(bytes, at + 4);
      if (length > MAX_CONTROL_BYTES) throw malformed(`an answer of ${length} bytes`);
      if (bytes.length - at < HEAD + length) break;
      answers.push(decodeAnswer(u32At(bytes, at), bytes.subarray(at + HEAD, at + HEAD + length)));
      at += HEAD + length;
    }
    this.kept = bytes.slice(at);
    return answers;
  }
}

function decodeAnswer(type: number, body: Uint8Array): Answer {
  const reader = new ByteReader(body, "the server's answer");
  switch (type) {
    case TYPES.taken:
      return { type: 'taken', count: reader.u64() };
    case TYPES.refused:
      return { type: 'refused', first: reader.u64(), count: reader.u64() };
    case TYPES.info:
      return { type: 'info', info: decodeInfo(body) };
    case TYPES.fault:
      return {
        type: 'fault',
        error: faultOf(reader.u32(), Buffer.from(reader.slice(reader.left)).toString()),
      };
    default:
      throw malformed(`an answer of type ${type}`);
  }
}

function faultOf(win32Number: number, text: string): MailslotError {
  const codes = Object.keys(ERRORS) as MailslotErrorCode[];
  const code = codes.find((known) => ERRORS[known].win32[1] === win32Number);
  return new MailslotError(code ?? 'ERR_MAILSLOT_IO', text.slice(0, MAX_FAULT_TEXT));
}

function malformed(what: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_MALFORMED',
    `the server sent ${what}, which the framing does not know`,
  );
}
