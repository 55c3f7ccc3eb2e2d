import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ERRORS, MailslotError, type MailslotErrorCode } from '../../errors.js';
import { MAX_FRAME_BODY } from '../../limits.js';
import type { SlotInfo } from '../slot-info.js';
import {
  type Answer,
  AnswerParser,
  encodeFault,
  encodeInfoAnswer,
  encodeRefused,
  encodeTaken,
  INFO,
  SYNC,
} from './frames.js';
import { encodeInfo } from './info.js';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (...parts: string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');

const info: SlotInfo = {
  name: 'a',
  pid: 1,
  owner: 0,
  access: 'owner',
  maxMessageSize: 0,
  messageLimit: 9,
  nextMessageSize: undefined,
  messageCount: 0,
  readTimeout: 5,
  queueBytes: 99,
  queueUsed: 0,
  whenFull: 'block',
  writers: 1,
  createdAt: 7,
  received: 0,
  delivered: 0,
  dropped: 0,
  rejected: 0,
};

/** One of each kind, with some neighbours, so that a cut can lie anywhere. */
const sequence = Buffer.concat([
  encodeTaken(5),
  encodeRefused(5, 2),
  encodeFault(new MailslotError('ERR_MAILSLOT_TIMEOUT', 'späte')),
  encodeInfoAnswer(info),
  encodeTaken(Number.MAX_SAFE_INTEGER),
]);

const answersOf = (...chunks: Uint8Array[]): Answer[] => {
  const parser = new AnswerParser();
  return chunks.flatMap((chunk) => parser.parse(chunk));
};

const expected = answersOf(sequence);

test('the words that are no lengths are above every length', () => {
  assert.equal(SYNC, 0xffff_ff01);
  assert.equal(INFO, 0xffff_ff02);
  assert.equal(MAX_FRAME_BODY, 0xffff_feff);
});

test('TAKEN, REFUSED, INFO and FAULT are laid out as the picture says', () => {
  assert.equal(hexOf(encodeTaken(0x1_0000_0005)), hexOf(bytesOf('01000000 08000000', '05000000 01000000')));
  assert.equal(
    hexOf(encodeRefused(0x1_0000_0001, 3)),
    hexOf(bytesOf('02000000 10000000', '01000000 01000000', '03000000 00000000')),
  );
  const fault = new MailslotError('ERR_MAILSLOT_MALFORMED', 'nö');
  assert.equal(hexOf(encodeFault(fault)), hexOf(bytesOf('04000000 07000000', '0d000000', '6ec3b6')));
  assert.equal(hexOf(encodeInfoAnswer(info)), `030000006d000000${hexOf(encodeInfo(info))}`);
});

test('answers say what they were made from', () => {
  assert.deepEqual(expected.slice(0, 2), [
    { type: 'taken', count: 5 },
    { type: 'refused', first: 5, count: 2 },
  ]);
  const [, , fault] = expected;
  assert.ok(fault?.type === 'fault');
  assert.equal(fault.error.code, 'ERR_MAILSLOT_TIMEOUT');
  assert.equal(fault.error.message, 'späte');
  assert.deepEqual(expected.slice(3), [
    { type: 'info', info },
    { type: 'taken', count: Number.MAX_SAFE_INTEGER },
  ]);
});

test('every error of the table comes through a fault; an unknown number becomes the general one', () => {
  for (const code of Object.keys(ERRORS) as MailslotErrorCode[]) {
    const [answer] = answersOf(encodeFault(new MailslotError(code, 'why')));
    assert.ok(answer?.type === 'fault');
    assert.equal(answer.error.code, code);
  }
  const [unknown] = answersOf(bytesOf('04000000 05000000', 'efbeadde', '3f'));
  assert.ok(unknown?.type === 'fault');
  assert.equal(unknown.error.code, 'ERR_MAILSLOT_IO');
  assert.equal(unknown.error.message, '?');
});

test('a stream cut at any two places gives the same answers', () => {
  for (let first = 0; first <= sequence.length; first += 1) {
    for (let second = first; second <= sequence.length; second += 3) {
      const cut = [sequence.subarray(0, first), sequence.subarray(first, second), sequence.subarray(second)];
      assert.deepEqual(answersOf(...cut), expected, `cut at ${first} and ${second}`);
    }
  }
});

test('a stream that comes byte by byte, or in any cuts at all, gives the same answers', () => {
  assert.deepEqual(answersOf(...Array.from(sequence, (byte) => Uint8Array.of(byte))), expected);
  fc.assert(
    fc.property(fc.array(fc.nat(sequence.length), { maxLength: 30 }), (places) => {
      const at = [0, ...places.sort((one, other) => one - other), sequence.length];
      const chunks = at.slice(1).map((end, index) => sequence.subarray(at[index], end));
      assert.deepEqual(answersOf(...chunks), expected);
    }),
  );
});

test('an answer is told as soon as its last byte is here, and none before', () => {
  const parser = new AnswerParser();
  const told = Array.from(sequence, (byte) => parser.parse(Uint8Array.of(byte)).length);
  assert.equal(
    told.reduce((sum, each) => sum + each),
    expected.length,
  );
  assert.equal(told[15], 1, 'TAKEN ends with its 16th byte');
  assert.equal(told.at(-1), 1);
});

test('an answer that is too long is refused at its head, before anything of it is kept', () => {
  for (const length of ['01000200', 'ffffff7f', 'ffffffff']) {
    assert.throws(() => answersOf(bytesOf('03000000', length)), { code: 'ERR_MAILSLOT_MALFORMED' });
  }
  assert.deepEqual(answersOf(bytesOf('03000000', '00000200')), [], 'the longest there may be is waited for');
});

test('an answer of an unknown type, or too short for what it is, is malformed', () => {
  for (const bytes of [
    '00000000 00000000',
    '05000000 00000000',
    '01000000 00000000',
    '01000000 07000000 01020304050607',
    '02000000 08000000 0000000000000000',
    '03000000 04000000 00000000',
    '04000000 03000000 000000',
    '01000000 08000000 ffffffffffffffff',
  ]) {
    assert.throws(() => answersOf(bytesOf(bytes)), { code: 'ERR_MAILSLOT_MALFORMED' }, bytes);
  }
});

test('each single byte of the answers changed to each value decodes or is refused', () => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  for (let at = 0; at < sequence.length; at += 1) {
    for (let value = 0; value < 0x100; value += 1) {
      const changed = Buffer.from(sequence);
      changed[at] = value;
      try {
        answersOf(changed);
      } catch (error) {
        assert.ok(error instanceof MailslotError, String(error));
      }
    }
  }
  Error.stackTraceLimit = limit;
});

test('any bytes at all decode or are refused', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 24 }), { maxLength: 5 }), fc.nat(5), (chunks, type) => {
      try {
        answersOf(Uint8Array.of(type, 0, 0, 0), ...chunks);
      } catch (error) {
        assert.ok(error instanceof MailslotError, String(error));
      }
    }),
  );
});
