import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { type MailslotClient, MailslotError, type OpenOptions, openMailslot } from 'mailslot';
import { tell } from '../../terminal/output.js';
import { inWords } from '../../terminal/system-words.js';
import { readBody, readLines } from './body.js';

export interface InputOptions {
  /** Each line is a message; else all of it is one. */
  readonly lines?: boolean;
  /** A file to read instead of standard input. */
  readonly file?: string;
}

/** What has been written so far. */
export interface Sent {
  messages: number;
  /** Of the messages, without framing. */
  bytes: number;
}

/** Writes a file or standard input, no faster than the slot takes it; resolves when all of it is in the queue. */
export async function writeInput(
  name: string,
  input: InputOptions,
  open: OpenOptions,
  sent: Sent,
): Promise<void> {
  const { signal } = open;
  // First of all: where the file is missing there is nothing to ask a slot.
  const file = input.file === undefined ? undefined : await openFile(input.file, signal);
  let client = await openMailslot(name, open);
  const stream = file ?? standardInput(input, signal);
  const count = (messages: readonly Buffer[]): void => {
    sent.messages += messages.length;
    for (const message of messages) sent.bytes += message.length;
  };
  try {
    if (input.lines) {
      for await (const lines of readLines(stream, client.messageLimit)) {
        client = await writeLines(client, lines, name, open);
        count(lines);
      }
    } else {
      const body = await readBody(stream, client.messageLimit, 'with --lines each of its lines is a message');
      await client.write(body, { signal });
      count([body]);
    }
  } catch (error) {
    // The stream only tells that it was aborted, not why.
    throw signal?.aborted ? signal.reason : error;
  } finally {
    await client.close({ signal });
  }
}

/**
 * Writes lines; where a server may be waited for, goes on with the next one when this one is gone.
 *
 * @returns who took the last of them
 */
async function writeLines(
  client: MailslotClient,
  lines: readonly Buffer[],
  name: string,
  open: OpenOptions,
): Promise<MailslotClient> {
  const { decided: before } = client.statistics();
  try {
    await client.writeMany(lines, { signal: open.signal });
    return client;
  } catch (error) {
    const isGone = error instanceof MailslotError && error.code === 'ERR_MAILSLOT_CLOSED';
    if (open.wait === undefined || !isGone) throw error;
    const { decided, sent } = client.statistics();
    const next = await openMailslot(name, open);
    // Nobody knows whether the one before had read them when it ended.
    if (sent > decided)
      tell(`mailslot: ${sent - decided} lines are sent again and may come twice: the reader changed\n`);
    return writeLines(next, lines.slice(decided - before), name, open);
  }
}

async function openFile(path: string, signal: AbortSignal | undefined): Promise<Readable> {
  const stream = createReadStream(path, { signal });
  try {
    await once(stream, 'open');
    if (statSync(path).isDirectory()) throw new Error('it is a folder, not a file');
    return stream;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new Error(inWords(`cannot read ${path}: ${(error as Error).message}`), { cause: error });
  }
}

function standardInput({ lines }: InputOptions, signal: AbortSignal | undefined): Readable {
  if (process.stdin.isTTY) {
    tell(`${lines ? 'each line is a message' : 'type the message'}, end with Ctrl-D\n`);
  }
  return signal ? addAbortSignal(signal, process.stdin) : process.stdin;
}
