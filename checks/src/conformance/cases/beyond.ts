import { mkdirSync } from 'node:fs';
import { differs, holds } from '../cases.js';
import { type Group, group } from '../group.js';
import { outcomeOf } from '../outcome.js';
import type { Client } from '../scene.js';
import { ERROR } from '../win32.js';
import { bytes, FOREVER, P } from './values.js';

const PER_WRITER = 1250;
const BATCH = 125;

/** X1: many messages. What no short case shows: that none is lost, doubled, cut or overtaken. */
export const manyMessages: Group = group({
  varies: ['process', 'write', 'read'],
  cases: {
    X1: holds(
      'two writers',
      `WriteFile, ${2 * PER_WRITER} messages each; ReadFile afterwards and meanwhile`,
      'each is read once, whole, in its order',
    ),
  },
  async run(scene, check) {
    const server = await scene.create(P, { readTimeout: FOREVER });
    const writers = [await scene.open(P), await scene.open(P)] as const;

    for (const [number, writer] of writers.entries()) await writeAll(writer, number);
    const afterwards = (await server.readMany(2 * PER_WRITER)).map(textOf);
    check.is('X1', afterwards.join(), [...messagesOf(0), ...messagesOf(1)].join());

    const reading = server.readMany(2 * PER_WRITER);
    const [read] = await Promise.all([reading, ...writers.map(writeAll)]);
    const meanwhile = read.map(textOf);
    for (const number of writers.keys()) {
      const mine = meanwhile.filter((text) => text.startsWith(`${number}/`));
      check.is('X1', mine.join(), messagesOf(number).join());
    }
    check.is('X1', (await server.info()).messageCount, 0);
  },
});

function messagesOf(writer: number): string[] {
  return Array.from({ length: PER_WRITER }, (_, sequence) => `${writer}/${sequence}`);
}

async function writeAll(client: Client, writer: number): Promise<void> {
  const messages = messagesOf(writer).map(bytes);
  for (let at = 0; at < messages.length; at += BATCH) {
    const { code, text } = await client.writeMany(messages.slice(at, at + BATCH));
    if (code !== 0) throw new Error(text);
  }
}

function textOf(data: Uint8Array): string {
  return Buffer.from(data).toString();
}

const MIB = 1024 * 1024;

/** Long enough for a message that comes, and an end to waiting for one that does not. */
const WAIT_MS = 10_000;

/** X2–X6: what sources say beside the numbered cases, and where we differ though no case says so. */
export const beyond: Group = group({
  varies: ['process', 'write'],
  cases: {
    X2: differs(
      'largest message 0',
      'WriteFile, 4 MiB and one byte',
      'succeeds: no limit',
      'a stranger could claim any memory, so the largest message is 4 MiB, unless the slot is created with another `maxMessageSize`',
    ),
    X3: differs(
      'slot P',
      'CreateMailslot P, by another user or session of the computer',
      'fails: one name space for the machine',
      'a name is unique in its root: each user has one, safe from others, unless the machine has a common one or both sides name another',
    ),
    X4: holds('a message of 0 bytes waits', 'ReadFile, 0 bytes', 'succeeds, and takes it'),
    X5: holds(
      'two reads wait, the first with too small a buffer',
      'WriteFile, one message',
      'the first fails, the second has it',
    ),
    X6: holds('a read waits', 'SetMailslotInfo 0', 'it goes on waiting; the next one does not'),
  },
  async run(scene, check) {
    const server = await scene.create(P, { readTimeout: 0 });
    const client = await scene.open(P);
    await client.writeFile(bytes(''));
    check.succeeds('X4', await server.readInto(0));
    check.is('X4', (await server.readInto(0)).code, ERROR.SEM_TIMEOUT);

    await server.setReadTimeout(WAIT_MS);
    const reads = [server.readInto(1), server.readInto(2)] as const;
    check.is('X6', await server.pendingReads(), 2);
    await server.setReadTimeout(0);
    check.is('X6', (await server.readInto(1)).code, ERROR.SEM_TIMEOUT);
    check.is('X6', await server.pendingReads(), 2);
    await client.writeFile(bytes('ab'));
    const [first, second] = await Promise.all(reads);
    check.is('X5', first.code, ERROR.INSUFFICIENT_BUFFER);
    check.succeeds('X5', second);
    check.is('X5', second.count, 2);

    const limitless = await client.writeFile(Buffer.alloc(4 * MIB + 1));
    check.differs('X2', limitless.code === 0, { ours: false, windows: [true] });
    const root = `${scene.root}/another`;
    mkdirSync(root, { mode: 0o700 });
    const again = await outcomeOf(scene.create(P, { root }));
    check.differs('X3', again.code === 0, { ours: true, windows: [false] });
  },
});
