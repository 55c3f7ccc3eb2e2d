// Many slots, or many clients of one, in one process.
import { readdirSync } from 'node:fs';
import { createMailslot, type Mailslot, type MailslotClient, openMailslot } from 'mailslot';
import { answer } from '../../harness/answer.js';

export interface Crowd {
  createMany(prefix: string, count: number, root: string): Promise<void>;
  openMany(name: string, count: number, root: string): Promise<void>;
  /** Each client writes one message. */
  writeEach(text: string): Promise<void>;
  closeAll(): Promise<void>;
  descriptors(): number;
  memory(): number;
}

/** What is begun at once: as a program would that has much to open. */
const TOGETHER = 100;

let ends: (Mailslot | MailslotClient)[] = [];

answer<Crowd>({
  createMany: (prefix, count, root) =>
    inLots(count, (number) => createMailslot(`${prefix}${number}`, { root })),
  openMany: (name, count, root) => inLots(count, () => openMailslot(name, { root })),
  writeEach: async (text) => {
    await Promise.all(ends.map((end) => ('write' in end ? end.write(text) : undefined)));
  },
  closeAll: async () => {
    await Promise.all(ends.map((end) => end.close()));
    ends = [];
  },
  descriptors: () => readdirSync('/proc/self/fd').length,
  memory: () => process.memoryUsage.rss(),
});

async function inLots(
  count: number,
  make: (number: number) => Promise<Mailslot | MailslotClient>,
): Promise<void> {
  for (let next = 0; next < count; next += TOGETHER) {
    const length = Math.min(TOGETHER, count - next);
    ends.push(...(await Promise.all(Array.from({ length }, (_, each) => make(next + each)))));
  }
}
