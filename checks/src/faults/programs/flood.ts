// Writes numbered messages as fast as they are taken.
import { type MailslotClient, type MailslotError, openMailslot } from 'mailslot';
import { answer } from '../../harness/answer.js';

/** How messages are handed over. */
export type Method = 'post' | 'write' | 'writeMany';

interface Order {
  readonly root: string;
  readonly name: string;
  /** Stands in each message, before its number. */
  readonly writer: number;
  readonly count: number;
  /** Length of a message, 8 at least. */
  readonly bytes: number;
  readonly way: Method;
}

export interface Flooded {
  /** Resident memory when all was taken, and the most there ever was, in bytes. */
  readonly memory: number;
  readonly peak: number;
  /** Numbers of the messages that a rejected `write` spoke of. */
  readonly refused: readonly number[];
  /** By the client's own statistics. */
  readonly refusedCounted: number;
  /** Posted messages that `close()` said were refused. */
  readonly refusedAtClose: number;
}

export interface Flood {
  flood(order: Order): Promise<Flooded>;
}

const TOGETHER = 256;

answer<Flood>({
  flood: async (order) => {
    const client = await openMailslot(order.name, { root: order.root });
    const refused = await ways[order.way](client, order);
    const refusedAtClose = await client.close().then(
      () => 0,
      (error: MailslotError) => refusedOf(error),
    );
    const memory = process.memoryUsage.rss();
    const peak = process.resourceUsage().maxRSS * 1024;
    return { memory, peak, refused, refusedCounted: client.statistics().refused, refusedAtClose };
  },
});

const ways: Readonly<Record<Method, (client: MailslotClient, order: Order) => Promise<number[]>>> = {
  async post(client, order) {
    for (let number = 0; number < order.count; number += 1) {
      const message = messageOf(order, number);
      while (!client.post(message)) await client.drained();
    }
    return [];
  },

  async write(client, order) {
    const refused: number[] = [];
    for (let next = 0; next < order.count; ) {
      const writes: Promise<void>[] = [];
      for (const end = Math.min(next + TOGETHER, order.count); next < end; next += 1) {
        const number = next;
        const note = (error: MailslotError): void => {
          refusedOf(error);
          refused.push(number);
        };
        writes.push(client.write(messageOf(order, number)).catch(note));
      }
      await Promise.all(writes);
    }
    return refused;
  },

  async writeMany(client, order) {
    for (let next = 0; next < order.count; next += TOGETHER) {
      const length = Math.min(TOGETHER, order.count - next);
      const list = Array.from({ length }, (_, number) => messageOf(order, next + number));
      await client.writeMany(list);
    }
    return [];
  },
};

function messageOf({ writer, bytes }: Order, number: number): Buffer {
  const message = Buffer.alloc(bytes);
  message.writeUInt32LE(writer, 0);
  message.writeUInt32LE(number, 4);
  return message;
}

/** How many messages a full queue refused; any other error is one. */
function refusedOf(error: MailslotError): number {
  if (error.code !== 'ERR_MAILSLOT_QUEUE_FULL') throw error;
  return error.messages ?? 0;
}
