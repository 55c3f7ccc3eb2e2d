// Writes numbered messages to a slot for ever, opens it again whenever it is gone, and writes down what was acknowledged.
import { openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type MailslotClient, MailslotError, openMailslot } from 'mailslot';
import { answer } from '../../harness/answer.js';
import { acknowledgedLine, faultLine, messageText } from '../record.js';

export interface Load {
  /** What this writer's connections are called: each has a number behind it. */
  readonly writer: string;
  readonly name: string;
  readonly root?: string;
  readonly log: string;
  /** Milliseconds between two messages; 0: as fast as they are acknowledged, many at once now and then. */
  readonly paceMs: number;
}

export interface Writer {
  start(load: Load): void;
  /** Resolves when the last message is acknowledged and the connection closed. */
  stop(): Promise<void>;
}

/** What a writer hears when the other end has gone: it tries again. */
const GONE = ['ERR_MAILSLOT_CLOSED', 'ERR_MAILSLOT_NOT_FOUND', 'ERR_MAILSLOT_TIMEOUT'];
const RETRY_MS = 5;
/** Every so many messages several are written at once, or a long one. */
const BURST = 7;
const BURST_SIZE = 50;
const LONG_EVERY = 31;

let isStopping = false;
let running: Promise<void> = Promise.resolve();

answer<Writer>({
  start(load) {
    running = run(load);
  },
  async stop() {
    isStopping = true;
    await running;
  },
});

async function run(load: Load): Promise<void> {
  const file = openSync(load.log, 'a');
  for (let connection = 0; !isStopping; connection += 1) {
    try {
      await using client = await openMailslot(load.name, { root: load.root, ...waitOf(load) });
      await writeOn(client, { ...load, writer: `${load.writer}.${connection}` }, file);
    } catch (error) {
      if (!(error instanceof MailslotError && GONE.includes(error.code)))
        writeSync(file, faultLine((error as Error).stack ?? String(error)));
      await pause(RETRY_MS);
    }
  }
}

/** A local slot is waited for; the way to other computers is there at once, or tried again. */
function waitOf({ name }: Load): { wait?: number } {
  return isRemote(name) ? {} : { wait: 60_000 };
}

function isRemote(name: string): boolean {
  return name.startsWith('//');
}

async function writeOn(client: MailslotClient, { writer, name, paceMs }: Load, file: number): Promise<void> {
  const server = isRemote(name) ? 0 : (await client.info()).pid;
  for (let number = 0; !isStopping; ) {
    const isBurst = paceMs === 0 && number % BURST === 0;
    const count = isBurst ? BURST_SIZE : 1;
    const texts = Array.from({ length: count }, (_, more) =>
      messageText(writer, number + more, (number + more) % LONG_EVERY === 0),
    );
    await client.writeMany(texts);
    number += count;
    writeSync(file, acknowledgedLine(writer, number, server));
    if (paceMs > 0) await pause(paceMs);
  }
}
