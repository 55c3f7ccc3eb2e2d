import { isUtf8 } from 'node:buffer';
import { createMailslot, type Mailslot, type Message, type Remote, type Scope } from 'mailslot';
import type { Told } from '../../exec/command-environment.js';
import { escapeText, jsonLine } from '../../terminal/escape.js';
import { escapeBytes } from '../../terminal/escape-bytes.js';
import { UsageError } from '../../terminal/exit.js';
import { print, tell } from '../../terminal/output.js';
import { diesOf, type Ending, untilSignal } from '../../terminal/until-signal.js';

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
  let delivered: Promise<void> = Promise.resolve();
  const ending = untilSignal(async () => {
    await slot.close();
    // A command is ended with all that it started. Whoever reads what we print may be slow for ever.
    if (options.exec !== undefined) await delivered;
  });
  if (process.stdout.isTTY && options.exec === undefined) {
    tell(`listening on ${escapeText(slot.name)}, end with Ctrl-C\n`);
  }
  try {
    const deliver = await delivery(slot.name, options, ending);
    for await (const messages of receive(slot, options, ending.stop)) {
      delivered = deliver(messages);
      await delivered;
    }
  } catch (error) {
    if (!ending.stop.aborted) throw error;
  } finally {
    await slot.close();
  }
  await diesOf(ending);
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
  ending: Ending,
): Promise<(messages: readonly Message[]) => Promise<void>> {
  if (exec === undefined) return (messages) => print(rendered(messages, options));
  // Loaded only now because what it needs takes 3 ms, which every start would pay.
  const { runShell } = await import('../../exec/run-command.js');
  return async (messages) => {
    for (const message of messages) {
      const failure = await runShell(exec, toldOf(message, name), ending);
      if (ending.stop.aborted) return;
      if (failure !== undefined) tell(`mailslot: the command ${failure}; listening goes on\n`);
    }
  };
}

function toldOf(message: Message, name: string): Told {
  const { data, sender } = message;
  return {
    input: data,
    ours: { MAILSLOT_NAME: name, MAILSLOT_SENDER_PID: `${sender.pid}`, MAILSLOT_SENDER_VIA: sender.via },
    // Empty and not missing, or the command would see that of whoever started us.
    theirs: { MAILSLOT_SENDER_COMPUTER: escapeText(sender.computer ?? '') },
    record: messageRecord(message),
  };
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

function jsonOf(message: Message): string {
  return jsonLine(messageRecord(message));
}

/** What `--json` shows of a message. */
function messageRecord({ data, size, sender }: Message): Record<string, unknown> {
  const body = isUtf8(data) ? { text: data.toString() } : { base64: data.toString('base64') };
  const { pid, ...rest } = sender;
  // 0 would be read as a process.
  return { ...body, size, sender: pid === 0 ? rest : sender, time: new Date().toISOString() };
}
