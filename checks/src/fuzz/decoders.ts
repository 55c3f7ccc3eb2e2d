import assert from 'node:assert/strict';
import { MailslotError } from 'mailslot';
import { ByteReader } from '../../../packages/mailslot/dist/bytes/reader.js';
import type { SlotInfo } from '../../../packages/mailslot/dist/msfs/slot-info.js';
import {
  type Answer,
  AnswerParser,
  encodeFault,
  encodeInfoAnswer,
  encodeRefused,
  encodeTaken,
} from '../../../packages/mailslot/dist/msfs/wire/frames.js';
import {
  decodeGreeting,
  decodeGreetingHead,
  decodeHello,
  encodeGreeting,
  encodeHello,
} from '../../../packages/mailslot/dist/msfs/wire/greeting.js';
import { decodeInfo, encodeInfo } from '../../../packages/mailslot/dist/msfs/wire/info.js';
import { bytesOf, type Dice } from './dice.js';
import { mutated } from './mutate.js';
import { decoded, type Target } from './target.js';

/** Decoders of one piece of bytes, and the parser of answers. */
export const decoders: readonly Target[] = [
  {
    name: 'greeting',
    share: 2,
    make: (dice) =>
      mutated(
        encodeGreeting({
          maxMessageSize: dice(2 ** 32),
          messageLimit: dice(2 ** 32),
          pid: dice(2 ** 22),
          name: nameOf(dice),
        }),
        dice,
      ),
    check(input) {
      const head = decoded(() => decodeGreetingHead(input));
      // As the client does: not before all of it is there.
      if (!head || input.length < head.length) return;
      const greeting = decoded(() => decodeGreeting(input));
      if (greeting) assert.deepEqual(decodeGreeting(encodeGreeting(greeting)), greeting);
    },
  },
  {
    name: 'hello',
    share: 1,
    make: (dice) => mutated(encodeHello(1 + dice(2), dice(2 ** 32)), dice),
    check(input) {
      const pid = decoded(() => decodeHello(input));
      if (pid !== undefined) assert.equal(pid, input.readUInt32LE(8));
    },
  },
  {
    name: 'info',
    share: 2,
    make: (dice) => mutated(encodeInfo(infoOf(dice)), dice),
    check(input) {
      const info = decoded(() => decodeInfo(input));
      if (info) assert.deepEqual(decodeInfo(encodeInfo(info)), info);
    },
  },
  {
    name: 'answers',
    share: 3,
    make: (dice) => mutated(Buffer.concat(Array.from({ length: dice(6) }, () => answerOf(dice))), dice),
    check(input, dice) {
      const whole = answersOf([input]);
      const cuts: Buffer[] = [];
      for (let at = 0; at < input.length; at += (cuts.at(-1) as Buffer).length) {
        cuts.push(input.subarray(at, at + 1 + dice(30)));
      }
      // A piece may end before what is wrong with the whole, but says the same up to there.
      const { answers, hasFailed } = answersOf(cuts);
      assert.equal(hasFailed, whole.hasFailed);
      assert.deepEqual(answers.slice(0, whole.answers.length), whole.answers);
    },
  },
  {
    name: 'bytes',
    share: 1,
    make: (dice) => bytesOf(dice, dice(64)),
    check(input, dice) {
      const reader = new ByteReader(input, 'the input');
      for (let step = 0; step < 12; step += 1) {
        const at = input.length - reader.left;
        const kind = dice(5);
        const length = kind === 4 ? dice(20) : ([1, 2, 4, 8][kind] as number);
        const value = decoded(() => reads[kind]?.(reader, length));
        const hasRoom = at + length <= input.length;
        const expected = hasRoom ? wants[kind]?.(input, at, length) : undefined;
        assert.deepEqual(value, expected);
        if (value === undefined) return;
      }
    },
  },
];

const reads: readonly ((reader: ByteReader, length: number) => unknown)[] = [
  (reader) => reader.u8(),
  (reader) => reader.u16(),
  (reader) => reader.u32(),
  (reader) => reader.u64(),
  (reader, length) => reader.slice(length),
];

const wants: readonly ((input: Buffer, at: number, length: number) => unknown)[] = [
  (input, at) => input.readUInt8(at),
  (input, at) => input.readUInt16LE(at),
  (input, at) => input.readUInt32LE(at),
  (input, at) => {
    const value = Number(input.readBigUInt64LE(at));
    return Number.isSafeInteger(value) ? value : undefined;
  },
  (input, at, length) => input.subarray(at, at + length),
];

function answersOf(pieces: readonly Buffer[]): { answers: Answer[]; hasFailed: boolean } {
  const parser = new AnswerParser();
  const answers: Answer[] = [];
  for (const piece of pieces) {
    const next = decoded(() => parser.parse(piece));
    if (!next) return { answers, hasFailed: true };
    answers.push(...next);
  }
  return { answers, hasFailed: false };
}

function answerOf(dice: Dice): Uint8Array {
  switch (dice(4)) {
    case 0:
      return encodeTaken(dice(2 ** 32) * dice(1000));
    case 1:
      return encodeRefused(dice(2 ** 32), dice(2 ** 32));
    case 2:
      return encodeInfoAnswer(infoOf(dice));
    default:
      return encodeFault(new MailslotError('ERR_MAILSLOT_MALFORMED', nameOf(dice)));
  }
}

function infoOf(dice: Dice): SlotInfo {
  const u64 = (): number => dice(2 ** 32) * dice(2 ** 20) + dice(2 ** 32);
  return {
    name: nameOf(dice),
    pid: dice(2 ** 32),
    owner: dice(2 ** 32) - 1,
    access: (['owner', 'group', 'everyone'] as const)[dice(3)] ?? 'owner',
    maxMessageSize: dice(2 ** 32),
    messageLimit: dice(2 ** 32),
    nextMessageSize: dice(2) === 0 ? undefined : dice(2 ** 32 - 1),
    messageCount: u64(),
    readTimeout: dice(2) === 0 ? Number.POSITIVE_INFINITY : dice(2 ** 32 - 1),
    queueBytes: u64(),
    queueUsed: u64(),
    whenFull: (['block', 'reject', 'drop-newest', 'drop-oldest'] as const)[dice(4)] ?? 'block',
    writers: u64(),
    createdAt: u64(),
    received: u64(),
    delivered: u64(),
    dropped: u64(),
    rejected: u64(),
  };
}

function nameOf(dice: Dice): string {
  return Array.from({ length: dice(24) }, () => 'abz/é漢😀\\.'.charAt(dice(9))).join('');
}
