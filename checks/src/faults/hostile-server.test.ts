import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { bytesOf, diceOf } from '../fuzz/dice.js';
import type { Child } from '../harness/child.js';
import { megabytes, msSince } from '../harness/numbers.js';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { hex, rawServer } from '../harness/raw.js';
import type { Agent } from './programs/agent.js';

/** The greeting of a slot `s` that takes messages of up to 1000 bytes. */
const GREETING = hex('4d534653 01 01 0000 11000000 00000000 e8030000 01000000 01000000 73');
const STRICT = { node: ['--unhandled-rejections=strict'] };

/** What a server does to who connects, and the codes with which opening may fail. */
const greetings: Readonly<Record<string, { serve: (socket: Socket) => void; codes: readonly string[] }>> = {
  'greets with random bytes': {
    serve: (socket) => socket.write(bytesOf(diceOf(2), 4096)),
    codes: ['MALFORMED'],
  },
  'greets as something else': {
    serve: (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    codes: ['MALFORMED'],
  },
  'greets with a huge length': {
    serve: (socket) => socket.write(hex('4d534653 01 01 0000 ffffffff 00000000')),
    codes: ['MALFORMED'],
  },
  'greets with a name longer than the greeting': {
    serve: (socket) =>
      socket.write(hex('4d534653 01 01 0000 11000000 00000000 e8030000 01000000 ff000000 73')),
    codes: ['MALFORMED'],
  },
  'greets with a length too short for its fields': {
    serve: (socket) => socket.write(hex('4d534653 01 01 0000 00000000')),
    codes: ['MALFORMED'],
  },
  'greets under another name': {
    serve: (socket) => socket.write(Buffer.concat([GREETING.subarray(0, -1), Buffer.from('t')])),
    codes: ['NOT_FOUND'],
  },
  'greets under a name that is none': {
    serve: (socket) => socket.write(Buffer.concat([GREETING.subarray(0, -1), hex('ff')])),
    codes: ['NOT_FOUND'],
  },
  'hangs up at once': { serve: (socket) => socket.destroy(), codes: ['CLOSED'] },
  'hangs up within its greeting': {
    serve: (socket) => socket.end(GREETING.subarray(0, 20)),
    codes: ['CLOSED'],
  },
  'never greets': { serve: () => {}, codes: ['TIMEOUT'] },
  'never ends its greeting': {
    serve: (socket) => {
      socket.write(hex('4d534653 01 01 0000 00ff0100'));
      socket.write(Buffer.alloc(0x1ff00 - 1));
    },
    codes: ['TIMEOUT'],
  },
};

proof(
  'a server that greets as it should not: opening fails with a typed error, in bounded time',
  async (at) => {
    const told: Record<string, unknown> = {};
    const cases = Object.entries(greetings).map(async ([name, { serve, codes }]) => {
      const root = at.folder();
      await rawServer({ ...at, root }, 's', serve);
      const client = await at.agent(STRICT);
      const begun = performance.now();
      const outcomes = await Promise.allSettled([
        client.ask('open', 's', { root }),
        client.ask('send', 's', 'text', { root }),
      ]);
      for (const outcome of outcomes) {
        const code = outcome.status === 'rejected' ? outcome.reason.code : 'opened';
        assert.ok(codes.map((each) => `ERR_MAILSLOT_${each}`).includes(code), `${name}: ${code}`);
      }
      told[name] = { codes, ms: msSince(begun) };
      await isWell(client);
    });
    await Promise.all(cases);
    return { told };
  },
  onUnix,
);

/** What a server sends when it has heard a message, and the codes with which the write may fail. */
const answers: Readonly<Record<string, { bytes: Buffer; code: string }>> = {
  'took more than was sent': { bytes: hex('01000000 08000000 0200000000000000'), code: 'MALFORMED' },
  'took more than there can be': { bytes: hex('01000000 08000000 ffffffffffffffff'), code: 'MALFORMED' },
  'refused what was not sent': {
    bytes: hex('02000000 10000000 0100000000000000 0100000000000000'),
    code: 'MALFORMED',
  },
  'refused more than was sent': {
    bytes: hex('02000000 10000000 0000000000000000 ffffff0000000000'),
    code: 'MALFORMED',
  },
  'refused the same twice': {
    bytes: Buffer.concat(Array(2).fill(hex('02000000 10000000 0000000000000000 0100000000000000'))),
    code: 'MALFORMED',
  },
  'answers at a huge length': { bytes: hex('01000000 ffffffff'), code: 'MALFORMED' },
  'answers too shortly': { bytes: hex('01000000 04000000 01000000'), code: 'MALFORMED' },
  'answers of an unknown type': { bytes: hex('63000000 00000000'), code: 'MALFORMED' },
  'gives unknown information': {
    bytes: Buffer.concat([hex('03000000 6c000000'), Buffer.alloc(108, 0xff)]),
    code: 'MALFORMED',
  },
  'answers random bytes': { bytes: bytesOf(diceOf(3), 4096), code: 'MALFORMED' },
  'tells of an unknown fault': { bytes: hex('04000000 06000000 99999999 6f6f'), code: 'IO' },
  'hangs up': { bytes: Buffer.alloc(0), code: 'CLOSED' },
  'hangs up within an answer': { bytes: hex('01000000 08000000 01'), code: 'CLOSED' },
};

for (const [name, { bytes, code }] of Object.entries(answers)) {
  proof(
    `a server that ${name}: writing fails with a typed error`,
    async (at) => {
      await rawServer(at, 's', (socket) => {
        socket.write(GREETING);
        // The hello is not worth an answer.
        let heard = 0;
        socket.on('data', (chunk: Buffer) => {
          heard += chunk.length;
          if (heard > 12) socket.end(bytes);
        });
      });
      const client = await at.agent(STRICT);
      const expected = { code: `ERR_MAILSLOT_${code}` };
      const end = await client.ask('open', 's', { root: at.root });
      await assert.rejects(client.ask('write', end, 'text'), expected);
      await assert.rejects(client.ask('write', end, 'text'), expected);
      // What was refused is told once more, by who closes.
      await client.ask('close', end).catch(({ code }) => assert.equal(code, 'ERR_MAILSLOT_QUEUE_FULL'));
      // Who sends one message only counts none, and takes a refusal of any for its own.
      await assert.rejects(client.ask('send', 's', 'text', { root: at.root }), { code: /^ERR_MAILSLOT_/ });
      await isWell(client);
      return { code };
    },
    onUnix,
  );
}

proof(
  'a server that is gone between its greeting and our hello: a typed error, and the process lives',
  async (at) => {
    await rawServer(at, 's', (socket) => {
      socket.write(GREETING);
      socket.destroySoon();
    });
    const client = await at.agent(STRICT);
    for (let round = 0; round < 20; round += 1) {
      const code = await client.ask('send', 's', 'text', { root: at.root }).then(
        () => 'sent',
        (error) => error.code ?? error.message,
      );
      assert.equal(code, 'ERR_MAILSLOT_CLOSED');
      const written = client
        .ask('open', 's', { root: at.root })
        .then((end) => client.ask('write', end, 'text'));
      await assert.rejects(written, { code: 'ERR_MAILSLOT_CLOSED' });
    }
    await isWell(client);
    return { rounds: 20 };
  },
  onUnix,
);

proof(
  'a server that talks without end: the client stays responsive and its memory bounded',
  async (at) => {
    const taken = hex('01000000 08000000 0000000000000000');
    const sockets: Socket[] = [];
    await rawServer(at, 's', (socket) => {
      sockets.push(socket);
      socket.write(GREETING);
      // Before the hello a server has nothing to say.
      socket.once('data', () => talk(socket, Buffer.alloc(64 * 1024, taken)));
    });
    const client = await at.agent(STRICT);
    const before = await client.ask('memory');
    await client.ask('open', 's', { root: at.root });
    const [socket] = sockets as [Socket];
    // Until it has heard as much as should not fit into its memory.
    while (socket.bytesWritten - socket.writableLength < 256 * 2 ** 20) await once(socket, 'drain');
    const after = await client.ask('memory');
    assert.ok(after.peak < 250 * 2 ** 20, `${megabytes(after.peak)} MB`);
    return { heardMB: 256, memoryMB: { before: megabytes(before.now), peak: megabytes(after.peak) } };
  },
  onUnix,
);

/** Sends the same again whenever the last of it has gone. */
function talk(socket: Socket, bytes: Buffer): void {
  socket.write(bytes, (error) => {
    if (!error && !socket.destroyed) setImmediate(() => talk(socket, bytes));
  });
}

/** It still answers, and nothing went wrong that nobody waited for. */
async function isWell(client: Child<Agent>): Promise<void> {
  await client.ask('time');
}
