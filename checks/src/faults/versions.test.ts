import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMailslot, openMailslot, sendMessage } from 'mailslot';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { hex, onlySocket, Received, rawClient, rawServer, u32 } from '../harness/raw.js';

/** What a client of version 1 says and is told, byte by byte, by the documents. `<` is the server, `>` the client. */
const VERSION_1: readonly (readonly ['<' | '>', string])[] = [
  [
    '<',
    `4d534653          // "MSFS"
         01 01             // lowest and highest version understood
         0000
         1a000000          // length of the rest: 26
         e8030000          // maxMessageSize: 1000
         ec000000          // longest message that is taken: 236, as the queue holds 300
         PPPPPPPP          // process id
         0a000000          // length of the name: 10
         6170702f6576656e7473 // "app/events"`,
  ],
  [
    '>',
    `4d534643          // "MSFC"
         01                // version spoken
         000000
         2a000000          // process id: 42`,
  ],
  // A message, one of no bytes, and the question whether both were taken: each by itself, and cut in the middle.
  [
    '>',
    `05000000          // a message of 5 bytes
         68656c6c6f        // "hello"
         00000000          // a message of 0 bytes
         01ffffff          // SYNC`,
  ],
  [
    '<',
    `01000000          // TAKEN
         08000000          // length: 8
         0200000000000000  // messages decided so far: 2`,
  ],
  ['>', `02ffffff          // INFO`],
  [
    '<',
    `03000000          // INFO
         76000000          // length: 118
         PPPPPPPP          // process id
         UUUUUUUU          // user id
         00                // access: owner
         01                // full: reject
         0000
         e8030000          // maxMessageSize: 1000
         ffffffff          // read timeout: forever
         05000000          // next message: 5 bytes
         0200000000000000  // messages waiting: 2
         2c01000000000000  // queue's bound: 300
         8500000000000000  // queue's use: 5 + 64 + 0 + 64 = 133
         0100000000000000  // writers: 1
         CCCCCCCCCCCCCCCC  // created, ms since 1970
         ec000000          // longest message that is taken: 236, as the queue holds 300
         00000000
         0200000000000000  // messages received: 2
         0000000000000000  // delivered
         0000000000000000  // dropped
         0000000000000000  // rejected
         0a000000          // length of the name
         6170702f6576656e7473 // "app/events"`,
  ],
  // 40 bytes are charged 104: with 133 in the queue one such message fits, and the next is refused.
  [
    '>',
    `28000000 ${'aa'.repeat(40)}
         28000000 ${'bb'.repeat(40)}
         01ffffff          // SYNC`,
  ],
  [
    '<',
    `02000000          // REFUSED
         10000000          // length: 16
         0300000000000000  // first refused message, from 0: 3
         0100000000000000  // how many: 1
         01000000          // TAKEN
         08000000
         0400000000000000  // decided: 4`,
  ],
  ['>', `ed000000          // a message of 237 bytes, over the limit: refused upon its length`],
  [
    '<',
    `04000000          // FAULT
         3f000000          // length: 4 + 59
         0d000000          // Win32 number 13, ERROR_INVALID_DATA, and the text:
         ${Buffer.from('a message of 237 bytes was sent where at most 236 are taken').toString('hex')}`,
  ],
];

/** What stands for four bytes that no transcript can know. */
const UNKNOWN: Readonly<Record<string, string>> = {
  PPPPPPPP: u32(process.pid).toString('hex'),
  UUUUUUUU: u32(process.geteuid?.() ?? 0xffff_ffff).toString('hex'),
};

proof(
  'a recorded client of version 1 is answered byte by byte as ever, however its bytes are cut',
  async ({ root }) => {
    for (const cut of [Number.POSITIVE_INFINITY, 1, 3]) {
      const options = { root, maxMessageSize: 1000, queue: { bytes: 300, whenFull: 'reject' } } as const;
      const slot = await createMailslot('app/events', options);
      const socket = await rawClient(onlySocket(root));
      const received = new Received(socket);
      for (const [who, text] of VERSION_1) {
        if (who === '<') await hear(received, text);
        else await say(socket, hex(text), cut);
      }
      assert.equal((await received.rest()).length, 0, 'after a FAULT the server hangs up');
      assert.equal((await slot.read()).text(), 'hello');
      assert.equal((await slot.read()).size, 0);
      assert.deepEqual((await slot.read()).data, Buffer.alloc(40, 0xaa));
      const { received: taken, rejected, faults } = slot.statistics();
      assert.deepEqual({ taken, rejected, faults }, { taken: 3, rejected: 1, faults: 1 });
      socket.destroy();
      await slot.close();
    }
    return { steps: VERSION_1.length };
  },
  onUnix,
);

proof(
  'a client that speaks only a newer version is told, in words',
  async ({ root }) => {
    const slot = await createMailslot('app', { root });
    const received = new Received(
      (await rawClient(onlySocket(root))).end(hex('4d534643 02 000000 2a000000')),
    );
    await received.greeting();
    const { type, body } = await received.answer();
    assert.deepEqual([type, body.readUInt32LE(0)], [4, 1306]);
    const text = body.toString('utf8', 4);
    assert.equal(
      text,
      "the client speaks version 2 of the framing, this server understands 1 to 1: update mailslot in the server's program",
    );
    assert.equal((await received.rest()).length, 0);
    assert.equal(slot.statistics().faults, 1);
    await slot.close();
    return { text };
  },
  onUnix,
);

proof(
  'a server that speaks only newer versions is refused, one that also speaks this one is not',
  async (at) => {
    // Versions 2 to 3, and nothing behind the first 12 bytes that this version could understand.
    await rawServer(at, 'newer', (socket) => socket.write(hex('4d534653 02 03 0000 04000000 ffffffff')));
    const refusal = {
      code: 'ERR_MAILSLOT_INCOMPATIBLE',
      message:
        "the server understands versions 2 to 3 of the framing, this client 1 to 1: update mailslot in the client's program",
    };
    await assert.rejects(openMailslot('newer', { root: at.root }), refusal);
    await assert.rejects(sendMessage('newer', '', { root: at.root }), refusal);

    const said: Buffer[] = [];
    // Versions 1 to 9, with 3 bytes behind the name that this version does not know.
    const greeting = hex('4d534653 01 09 0000 15000000 00000000 64000000 01000000 02000000 6d65 aabbcc');
    await rawServer(at, 'me', (socket) => {
      socket.write(greeting);
      socket.on('data', (chunk) => {
        said.push(chunk);
        const all = Buffer.concat(said);
        // Hello, "x", SYNC: answered by a TAKEN that has grown by a field.
        if (all.length === 12 + 5 + 4) socket.write(hex('01000000 0c000000 0100000000000000 ffffffff'));
      });
    });
    const client = await openMailslot('me', { root: at.root });
    await client.write('x');
    assert.equal(Buffer.concat(said)[4], 1, 'version 1 is what both understand');
    await client.close();
    return {};
  },
  onUnix,
);

async function say(socket: Socket, bytes: Buffer, cut: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += cut) {
    socket.write(bytes.subarray(at, at + cut));
    // The server reads in its turn, and so finds the piece alone.
    await nextTurn();
  }
}

/** That the next bytes are these. What is in capitals cannot be known beforehand. */
async function hear(received: Received, text: string): Promise<void> {
  let expected = text.replaceAll(/\/\/.*|\s/g, '');
  for (const [name, value] of Object.entries(UNKNOWN)) expected = expected.replaceAll(name, value);
  const answer = (await received.next(expected.length / 2)).toString('hex');
  assert.match(answer, new RegExp(`^${expected.replaceAll(/[A-Z]/g, '.')}$`));
}
