import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { type OpenOptions, openMailslot } from 'mailslot';
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
  const client = await openMailslot(name, open);
  const stream = input.file === undefined ? standardInput(input) : createReadStream(input.file);
  if (signal) addAbortSignal(signal, stream);
  const count = (messages: readonly Buffer[]): void => {
    sent.messages += messages.length;
    for (const message of messages) sent.bytes += message.length;
  };
  try {
    if (input.lines) {
      for await (const lines of readLines(stream, client.messageLimit)) {
        await client.writeMany(lines, { signal });
        count(lines);
      }
    } else {
      const body = await readBody(stream, client.messageLimit);
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

function standardInput({ lines }: InputOptions): Readable {
  if (process.stdin.isTTY) {
    process.stderr.write(`${lines ? 'each line is a message' : 'type the message'}, end with Ctrl-D\n`);
  }
  return process.stdin;
}
