// Owns a slot and writes down each message that it reads, in a file that outlives it.
import { openSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type CreateOptions, createMailslot, type Mailslot } from 'mailslot';
import { answer } from '../../harness/answer.js';
import { closedLine } from '../record.js';

export interface Reader {
  /** Creates the slot and reads it from now on; each message is a line of `log`. */
  create(name: string, log: string, options: Pick<CreateOptions, 'root' | 'remote' | 'queue'>): Promise<void>;
  /** Messages that wait. */
  waiting(): number;
  writers(): number;
  /** What this process has open. */
  descriptors(): string[];
}

/** So many are read at once; in the pauses the queue fills. */
const AT_ONCE = 200;

let slot: Mailslot | undefined;

answer<Reader>({
  async create(name, log, options) {
    const file = openSync(log, 'a');
    slot = await createMailslot(name, options);
    void readAll(slot, file);
    process.on('SIGTERM', () => void closeAll(slot as Mailslot, file));
  },
  waiting: () => slot?.info().messageCount ?? 0,
  writers: () => slot?.statistics().writers ?? 0,
  // What watches folders is opened once and kept.
  descriptors: () =>
    readdirSync('/dev/fd')
      .map(whatIs)
      .filter((each) => each !== 'anon_inode:inotify'),
});

async function readAll(from: Mailslot, file: number): Promise<void> {
  let count = 0;
  for await (const message of from) {
    writeSync(file, `${message.text().split(' ', 1)[0]}\n`);
    count += 1;
    if (count % AT_ONCE === 0) await pause(1);
  }
}

/** Ends as a service does that is told to. */
async function closeAll(open: Mailslot, file: number): Promise<void> {
  await open.close();
  writeSync(file, closedLine(open.statistics().dropped.unread));
  process.exit(0);
}

function whatIs(descriptor: string): string {
  try {
    return readlinkSync(`/dev/fd/${descriptor}`);
  } catch {
    // The one by which the folder was read; or a system that does not tell.
    return 'unknown';
  }
}
