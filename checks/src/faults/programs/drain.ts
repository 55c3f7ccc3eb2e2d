// Reads numbered messages, slower than they come, and keeps account of them.
import { subscribe } from 'node:diagnostics_channel';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMailslot, type Mailslot, type MailslotStatistics, type QueueOptions } from 'mailslot';
import { answer } from '../../harness/answer.js';

export interface Drained {
  /** Messages read of each writer. */
  readonly read: readonly number[];
  /** Messages that came a second time, or after a later one of their writer. */
  readonly twice: number;
  readonly disordered: number;
  /** The most messages that waited at once. */
  readonly mostWaiting: number;
  /** Resident memory when all was read, and the most there ever was, in bytes. */
  readonly memory: number;
  readonly peak: number;
}

export interface Drain {
  create(name: string, root: string, queue: QueueOptions): Promise<void>;
  /** Reads `count` messages of `writers`, not before `full` messages wait. */
  drain(writers: number, count: number, full: number): Promise<Drained>;
  /** Reads what comes, a hundred at most in a turn, until `finish` is asked. */
  browse(): Promise<void>;
  /** Reads the rest; the numbers of all messages that `browse` and this have read, by writer and in their order. */
  finish(writers: number): number[][];
  /** What the slot counts, and what it has published of drops. */
  statistics(): { statistics: MailslotStatistics; published: Readonly<Record<string, number>> };
}

const PER_TURN = 100;

let slot: Mailslot;
const seen: Buffer[] = [];
let finished = false;

const published: Record<string, number> = {};
subscribe('mailslot:drop', (message) => {
  const { reason, messages } = message as { reason: string; messages: number };
  published[reason] = (published[reason] ?? 0) + messages;
});

answer<Drain>({
  async create(name, root, queue) {
    slot = await createMailslot(name, { root, queue });
  },

  async drain(writers, count, full) {
    while (slot.info().messageCount < full) await nextTurn();
    const ledger = Array.from({ length: writers }, () => new Set<number>());
    const last = ledger.map(() => -1);
    const result = { twice: 0, disordered: 0, mostWaiting: 0 };
    let read = 0;
    for await (const { data } of slot) {
      const writer = data.readUInt32LE(0);
      const number = data.readUInt32LE(4);
      if (ledger[writer]?.has(number)) result.twice += 1;
      ledger[writer]?.add(number);
      if (number <= (last[writer] as number)) result.disordered += 1;
      last[writer] = number;
      read += 1;
      if (read === count) break;
      if (read % PER_TURN > 0) continue;
      result.mostWaiting = Math.max(result.mostWaiting, slot.info().messageCount);
      await nextTurn();
    }
    const memory = process.memoryUsage.rss();
    const peak = process.resourceUsage().maxRSS * 1024;
    return { ...result, read: ledger.map((numbers) => numbers.size), memory, peak };
  },

  async browse() {
    while (!finished) {
      for (let read = 0; read < PER_TURN; read += 1) keep();
      await nextTurn();
    }
  },

  finish(writers) {
    finished = true;
    while (keep());
    const numbers = Array.from({ length: writers }, (): number[] => []);
    for (const data of seen) numbers[data.readUInt32LE(0)]?.push(data.readUInt32LE(4));
    return numbers;
  },

  statistics: () => ({ statistics: slot.statistics(), published }),
});

function keep(): boolean {
  const message = slot.tryRead();
  if (message) seen.push(Buffer.from(message.data.subarray(0, 8)));
  return message !== undefined;
}
