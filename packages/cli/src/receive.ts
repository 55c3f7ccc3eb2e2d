import { isUtf8 } from 'node:buffer';
import { createMailslot, type Mailslot, type Message, type Remote, type Scope } from 'mailslot';
import { escapeText, jsonLine } from './escape.js';
import { escapeBytes } from './escape-bytes.js';
import { UsageError } from './exit.js';
import { print } from './output.js';
import { diesOf, untilSignal } from './until-signal.js';

export interface ListenOptions {
  readonly root?: string;
  readonly json?: boolean;
  readonly raw?: boolean;
  readonly exec?: string;
  readonly count?: number;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly access?: 'owner' | 'group' | 'everyone';
  readonly remote?: Remote;
  readonly scope?: Scope;
  readonly maxSize?: number;
  readonly queueBytes?: number;
  readonly whenFull?: 'block' | 'reject' | 'drop-newest' | 'drop-oldest';
}

/** Creates a slot and hands on what comes until the count is full, the time is over, or a signal ends the process. */
export async function listen(name: string, options: ListenOptions): Promise<void> {
  if (options.raw && process.stdout.isTTY) {
    throw new UsageError(
      '--raw writes what others sent as it came, which a terminal would obey; send it to a file or a pipe',
    );
  }
  const slot = await createMailslot(name, {
    root: options.root,
    access: options.access,
    remote: options.remote,
    scope: options.scope,
    maxMessageSize: options.maxSize,
    queue: { bytes: options.queueBytes, whenFull: options.whenFull },
  });
  const stop = untilSignal(() => slot.close());
  if (process.stdout.isTTY && options.exec === undefined) {
    process.stderr.write(`listening on ${escapeText(slot.name)}, end with Ctrl-C\n`);
  }
  try {
    const deliver = await delivery(slot.name, options, stop);
    for await (const messages of receive(slot, options, stop)) {
      await deliver(messages);
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    await slot.close();
  }
  await diesOf(stop);
}

/** Messages that are printed at once: enough bytes to make a system call worth while. */
const BATCH_BYTES = 64 * 1024;

/** Counted for each message beside its bytes: bounds the number of empty ones. */
const MESSAGE_BYTES = 64;

/** What comes, in batches of what waits already; a command's messages one by one, so that the rest stays in the queue. */
async function* receive(
  slot: Mailslot,
  { count = Number.POSITIVE_INFINITY, timeout, exec }: ListenOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Message[], void, undefined> {
  const batchBytes = exec === undefined ? BATCH_BYTES : 0;
  for (let left = count; left > 0; ) {
    const first = await slot.read({ timeout, signal });
    const batch = [first];
    for (let bytes = first.size; bytes < batchBytes && batch.length < left; ) {
      const next = slot.tryRead();
      if (next === undefined) break;
      batch.push(next);
      bytes += next.size + MESSAGE_BYTES;
    }
    yield batch;
    left -= batch.length;
  }
}

async function delivery(
  name: string,
  { exec, ...options }: ListenOptions,
  signal: AbortSignal,
): Promise<(messages: readonly Message[]) => Promise<void>> {
  if (exec === undefined) return (messages) => print(rendered(messages, options));
  // Loaded only now because what it needs takes 3 ms, which every start would pay.
  const { runCommand } = await import('./run-command.js');
  return (messages) => runCommand(exec, messages, name, signal);
}

function rendered(messages: readonly Message[], { raw, json }: ListenOptions): string | Uint8Array {
  if (raw) return Buffer.concat(messages.map(({ data }) => data));
  return messages.map(json ? jsonOf : lineOf).join('');
}

/**
 * What came through a domain has the computer in front, and a tab: an escaped message has none, so that no local
 * writer can make a line that looks like it.
 */
function lineOf({ data, sender: { computer } }: Message): string {
  const from = computer === undefined ? '' : `${escapeText(computer)}\t`;
  return `${from}${escapeBytes(data)}\n`;
}

function jsonOf({ data, size, sender }: Message): string {
  const body = isUtf8(data) ? { text: data.toString() } : { base64: data.toString('base64') };
  return jsonLine({ ...body, size, sender, time: new Date().toISOString() });
}
