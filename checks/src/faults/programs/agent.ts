// Does with the library what a test asks for, in a process of its own.

import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, writeSync } from 'node:fs';
import {
  type ClientStatistics,
  type CreateOptions,
  createMailslot,
  listMailslots,
  type Mailslot,
  type MailslotClient,
  type MailslotError,
  type MailslotInfo,
  type MailslotStatistics,
  mailslotRoot,
  type OpenOptions,
  openMailslot,
  type SlotInfo,
  sendMessage,
} from 'mailslot';
import { answer } from '../../harness/answer.js';
import { vandalize } from '../../harness/vandal.js';

/** Options that are JSON. */
type Plain<T> = Omit<T, 'signal' | 'wait'> & { readonly wait?: number };

interface Claim {
  readonly slot?: number;
  readonly code?: string;
  readonly from: number;
  readonly to: number;
}

/** Slots and clients are named by the number that `create` and `open` return; messages are text. */
export interface Agent {
  create(name: string, options?: Plain<CreateOptions>): Promise<number>;
  /** As `create`, and says what came of it and from when to when it took, in milliseconds since 1970. */
  claim(name: string, options?: Plain<CreateOptions>): Promise<Claim>;
  open(name: string, options?: Plain<OpenOptions>): Promise<number>;
  /** As `open`, and says when it was done, in milliseconds since 1970. */
  timedOpen(name: string, options?: Plain<OpenOptions>): Promise<{ end: number; at: number }>;
  send(name: string, text: string, options?: Plain<OpenOptions>): Promise<void>;
  list(
    options?: Plain<OpenOptions>,
  ): Promise<{ name?: string; owner: number | undefined; code?: string; text?: string }[]>;
  /** Lists eight times at once, then creates a slot of that name and closes it, again and again for so many milliseconds; how often. */
  listAndCreate(name: string, root: string, ms: number): Promise<number>;
  /** Creates a slot of that name and closes it, or opens it and writes, again and again for so many milliseconds; how often each code came. */
  churn(what: 'create' | 'write', name: string, root: string, ms: number): Promise<Record<string, number>>;
  write(client: number, text: string): Promise<void>;
  /** Writes so many messages, each after the one before was acknowledged; how many milliseconds each took. */
  writeTimed(client: number, count: number): Promise<number[]>;
  /** Writes the messages one after the other, and is killed as soon as the last is acknowledged. */
  writeAndDie(client: number, texts: readonly string[]): Promise<void>;
  /** Writes 0, 1, 2 … and a line to stdout for each that is acknowledged. */
  writeUntilKilled(client: number): Promise<never>;
  read(slot: number): Promise<string>;
  readDigest(slot: number): Promise<{ size: number; digest: string }>;
  /** Resolves when all writers are gone. */
  untilNoWriters(slot: number): Promise<void>;
  /** All that waits. */
  readAll(slot: number): string[];
  slot(slot: number): { info: MailslotInfo; statistics: MailslotStatistics };
  client(client: number): Promise<{ info: SlotInfo; statistics: ClientStatistics }>;
  close(end: number): Promise<void>;
  /** Waits until it is closed; the code of the reason, `ok` when it was closed by its owner. */
  closed(end: number): Promise<string>;
  /** Tries everything that could remove or replace a slot's folder; what worked. */
  vandalize(folder: string): string[];
  /** All files and folders below a folder, as this process sees them. */
  files(folder: string): string[];
  root(): string;
  /** Resident memory, in bytes: now, and the most there ever was. */
  memory(): { now: number; peak: number };
  descriptors(): number;
  umask(mask: number): void;
  /** Milliseconds since 1970 when this was asked. */
  time(): number;
}

/** Comparable between processes, and finer than a millisecond. */
const now = (): number => performance.timeOrigin + performance.now();

const ends: (Mailslot | MailslotClient)[] = [];

const slotOf = (number: number): Mailslot => ends[number] as Mailslot;
const clientOf = (number: number): MailslotClient => ends[number] as MailslotClient;

answer<Agent>({
  create: async (name, options) => ends.push(await createMailslot(name, options)) - 1,
  claim: async (name, options) => {
    const from = now();
    try {
      const slot = ends.push(await createMailslot(name, options)) - 1;
      return { slot, from, to: now() };
    } catch (error) {
      return { code: (error as MailslotError).code, from, to: now() };
    }
  },
  open: async (name, options) => ends.push(await openMailslot(name, options)) - 1,
  timedOpen: async (name, options) => {
    const client = await openMailslot(name, options);
    return { at: now(), end: ends.push(client) - 1 };
  },
  send: (name, text, options) => sendMessage(name, text, options),
  list: async (options) => {
    const entries = await listMailslots(options);
    return entries.map(({ name, owner, error }) =>
      error ? { owner, code: error.code, text: error.message } : { name, owner },
    );
  },
  listAndCreate: async (name, root, ms) => {
    let rounds = 0;
    for (const end = performance.now() + ms; performance.now() < end; rounds += 1) {
      await Promise.all(Array.from({ length: 8 }, () => listMailslots({ root })));
      const slot = await createMailslot(name, { root }).catch(() => undefined);
      await slot?.close();
    }
    return rounds;
  },
  churn: async (what, name, root, ms) => {
    const counts: Record<string, number> = {};
    const act = {
      create: async () => {
        const slot = await createMailslot(name, { root });
        // Long enough to be found.
        await slot.read({ timeout: 2 }).catch(() => {});
        await slot.close();
      },
      write: () => sendMessage(name, 'x', { root }),
    }[what];
    for (const end = performance.now() + ms; performance.now() < end; ) {
      const code = await act().then(
        () => 'done',
        (error: MailslotError) => error.code,
      );
      counts[code] = (counts[code] ?? 0) + 1;
    }
    return counts;
  },
  write: (client, text) => clientOf(client).write(text),
  writeTimed: async (client, count) => {
    const times: number[] = [];
    for (let number = 0; number < count; number += 1) {
      const start = performance.now();
      await clientOf(client).write(String(number));
      times.push(performance.now() - start);
    }
    return times;
  },
  writeAndDie: async (client, texts) => {
    for (const text of texts) await clientOf(client).write(text);
    process.kill(process.pid, 'SIGKILL');
  },
  writeUntilKilled: async (client) => {
    for (let number = 0; ; number += 1) {
      await clientOf(client).write(String(number));
      writeSync(process.stdout.fd, '+\n');
    }
  },
  readDigest: async (slot) => {
    const { data, size } = await slotOf(slot).read();
    return { size, digest: createHash('sha256').update(data).digest('hex') };
  },
  untilNoWriters: (slot) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (slotOf(slot).statistics().writers > 0) return;
        unsubscribe('mailslot:disconnect', look);
        resolve();
      };
      subscribe('mailslot:disconnect', look);
      look();
    }),
  read: async (slot) => (await slotOf(slot).read()).text(),
  readAll: (slot) => {
    const texts: string[] = [];
    for (let next = slotOf(slot).tryRead(); next; next = slotOf(slot).tryRead()) texts.push(next.text());
    return texts;
  },
  slot: (slot) => ({ info: slotOf(slot).info(), statistics: slotOf(slot).statistics() }),
  client: async (client) => ({
    info: await clientOf(client).info(),
    statistics: clientOf(client).statistics(),
  }),
  close: (end) => (ends[end] as Mailslot | MailslotClient).close(),
  closed: async (end) => (await (ends[end] as Mailslot | MailslotClient).closed)?.code ?? 'ok',
  vandalize: (folder) => vandalize(folder),
  files: (folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }),
  root: () => mailslotRoot(),
  memory: () => ({ now: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 }),
  descriptors: () => readdirSync('/proc/self/fd').length,
  umask: (mask) => {
    process.umask(mask);
  },
  time: now,
});
