import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../../errors.js';
import {
  commonVersion,
  decodeGreeting,
  decodeGreetingHead,
  decodeHello,
  encodeGreeting,
  encodeHello,
  GREETING_HEAD,
  type Greeting,
  HELLO_SIZE,
  VERSIONS,
} from './greeting.js';

const bytesOf = (...parts: string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Written by hand from the picture in greeting.ts. */
const greeting: Greeting = { maxMessageSize: 424, messageLimit: 4 << 20, pid: 0x1234, name: 'a/é' };
const greetingBytes = bytesOf(
  '4d 53 46 53', // 0 "MSFS"
  '01 01 00 00', // 4 versions 1 to 1, reserved
  '14 00 00 00', // 8 20 bytes follow
  'a8 01 00 00', // 12 424
  '00 00 40 00', // 16 4 MiB
  '34 12 00 00', // 20 pid
  '04 00 00 00', // 24 4 bytes of name
  '61 2f c3 a9', // 28 a/é
);
const helloBytes = bytesOf('4d 53 46 43', '01 00 00 00', '78 56 34 12');

/** Decodes as the client does; `undefined` while bytes are missing. */
function greeted(bytes: Uint8Array): Greeting | undefined {
  if (bytes.length < GREETING_HEAD || bytes.length < decodeGreetingHead(bytes).length) return undefined;
  return decodeGreeting(bytes);
}

/** What `decode` throws must be the library's own error. */
function decodesOrRefuses(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    assert.ok(error instanceof MailslotError, String(error));
  }
}

test('this code speaks version 1', () => {
  assert.deepEqual(VERSIONS, { lowest: 1, highest: 1 });
});

test('the greeting is laid out as the picture says', () => {
  assert.equal(hexOf(encodeGreeting(greeting)), greetingBytes.toString('hex'));
  assert.deepEqual(decodeGreetingHead(greetingBytes.subarray(0, 12)), { version: 1, length: 32 });
  assert.deepEqual(decodeGreeting(greetingBytes), greeting);
});

test('a process id that none has, and a limit that no frame can say, are malformed', () => {
  const changed = (bytes: Buffer, at: number, word: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUInt32LE(word, at);
    return copy;
  };
  const malformed = { code: 'ERR_MAILSLOT_MALFORMED' };
  for (const pid of [0x8000_0000, 0xffff_ffff]) {
    assert.throws(() => decodeGreeting(changed(greetingBytes, 20, pid)), malformed);
    assert.throws(() => decodeHello(changed(helloBytes, 8, pid)), malformed);
  }
  assert.throws(() => decodeGreeting(changed(greetingBytes, 16, 0xffff_ff00)), malformed);
});

test('the hello is laid out as the picture says', () => {
  assert.equal(hexOf(encodeHello(1, 0x1234_5678)), helloBytes.toString('hex'));
  assert.equal(helloBytes.length, HELLO_SIZE);
  assert.equal(decodeHello(helloBytes), 0x1234_5678);
});

test('a greeting at its extremes comes back', () => {
  const word = fc.oneof(fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff), fc.nat(0xffff_ffff));
  const limit = word.filter((each) => each <= 0xffff_feff);
  const pid = word.filter((each) => each <= 0x7fff_ffff);
  const name = fc.string({ unit: 'grapheme', maxLength: 40 });
  fc.assert(
    fc.property(
      fc.record({ maxMessageSize: word, messageLimit: limit, pid, name }, { noNullPrototype: true }),
      (each) => {
        assert.deepEqual(greeted(encodeGreeting(each)), each);
      },
    ),
  );
});

test('the longest name of all fits into a greeting', () => {
  const name = '\uffff'.repeat(32_749);
  assert.equal(greeted(encodeGreeting({ ...greeting, name }))?.name, name);
});

test('a later version may say more after the name', () => {
  const longer = Buffer.concat([greetingBytes, bytesOf('01 02 03')]);
  longer.writeUInt32LE(23, 8);
  longer[5] = 9;
  assert.deepEqual(greeted(longer), greeting);
});

test('a greeting that is cut off is waited for, and no cut is mistaken for a whole one', () => {
  for (let length = 0; length < greetingBytes.length; length += 1) {
    assert.equal(greeted(greetingBytes.subarray(0, length)), undefined);
    if (length < GREETING_HEAD) {
      assert.throws(() => decodeGreetingHead(greetingBytes.subarray(0, length)), {
        code: 'ERR_MAILSLOT_MALFORMED',
      });
    }
    assert.throws(() => decodeGreeting(greetingBytes.subarray(0, length)), {
      code: 'ERR_MAILSLOT_MALFORMED',
    });
  }
});

test('a hello that is cut off is malformed', () => {
  for (let length = 0; length < HELLO_SIZE; length += 1) {
    assert.throws(() => decodeHello(helloBytes.subarray(0, length)), { code: 'ERR_MAILSLOT_MALFORMED' });
  }
});

test('each single byte changed to each value decodes or is refused', () => {
  for (const [bytes, decode] of [
    [greetingBytes, greeted],
    [helloBytes, decodeHello],
  ] as const) {
    for (let at = 0; at < bytes.length; at += 1) {
      for (let value = 0; value < 0x100; value += 1) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        decodesOrRefuses(() => decode(changed));
      }
    }
  }
});

test('any bytes at all decode or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, isMarked) => {
      if (isMarked) bytes.set(greetingBytes.subarray(0, Math.min(6, bytes.length)));
      decodesOrRefuses(() => greeted(bytes));
      decodesOrRefuses(() => decodeGreeting(bytes));
      decodesOrRefuses(() => decodeHello(bytes));
    }),
  );
});

test('a server that announces a greeting beyond all bounds is refused at its first twelve bytes', () => {
  for (const length of [128 * 1024 - 11, 0x7fff_ffff, 0xffff_ffff]) {
    const head = Buffer.from(greetingBytes.subarray(0, 12));
    head.writeUInt32LE(length, 8);
    assert.throws(() => decodeGreetingHead(head), { code: 'ERR_MAILSLOT_MALFORMED', message: /too long/ });
  }
});

test('what greets as something else is no mailslot', () => {
  assert.throws(() => decodeGreetingHead(Buffer.from('220 mail.example')), {
    code: 'ERR_MAILSLOT_MALFORMED',
    message: /no mailslot/,
  });
  assert.throws(() => decodeHello(Buffer.from('GET / HTTP/1')), { code: 'ERR_MAILSLOT_MALFORMED' });
});

const ranges = (low: number, high: number): { lowest: number; highest: number } => ({
  lowest: low,
  highest: high,
});

for (const [server, own, spoken] of [
  [ranges(1, 1), ranges(1, 1), 1],
  [ranges(1, 3), ranges(2, 2), 2],
  [ranges(2, 2), ranges(1, 3), 2],
  [ranges(1, 3), ranges(2, 5), 3],
  [ranges(2, 5), ranges(1, 3), 3],
  [ranges(1, 255), ranges(1, 1), 1],
] as const) {
  test(`server ${server.lowest}–${server.highest}, client ${own.lowest}–${own.highest}: they speak ${spoken}`, () => {
    assert.equal(commonVersion(server, own), spoken);
    const head = encodeGreeting(greeting, server).subarray(0, GREETING_HEAD);
    assert.deepEqual(decodeGreetingHead(head, own), { version: spoken, length: 32 });
    assert.equal(decodeHello(encodeHello(spoken, 7), server), 7);
  });
}

for (const [server, own, older] of [
  [ranges(1, 1), ranges(2, 2), 'server'],
  [ranges(1, 2), ranges(3, 9), 'server'],
  [ranges(2, 2), ranges(1, 1), 'client'],
  [ranges(0, 0), ranges(1, 1), 'server'],
] as const) {
  test(`server ${server.lowest}–${server.highest}, client ${own.lowest}–${own.highest}: the ${older} is too old`, () => {
    const refused = { code: 'ERR_MAILSLOT_INCOMPATIBLE', message: new RegExp(`in the ${older}'s program`) };
    assert.throws(() => commonVersion(server, own), refused);
    // Said from the head alone: the rest may be laid out in any way.
    assert.throws(() => decodeGreetingHead(encodeGreeting(greeting, server).subarray(0, 12), own), refused);
    assert.throws(() => decodeHello(encodeHello(own.highest, 7), server), refused);
  });
}
