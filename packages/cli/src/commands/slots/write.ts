import type { Command } from 'commander';
import { MailslotError, type OpenOptions, type Scope, sendMessage } from 'mailslot';
import { formatDuration, parseDuration } from '../../terminal/duration.js';
import { jsonLine } from '../../terminal/escape.js';
import { withExamples } from '../../terminal/examples.js';
import { UsageError } from '../../terminal/exit.js';
import { print } from '../../terminal/output.js';
import { showProgress } from '../../terminal/progress.js';
import { formatSize } from '../../terminal/size.js';
import type { InputOptions, Sent } from './write-input.js';

export interface WriteOptions extends InputOptions {
  readonly root?: string;
  /** Milliseconds. */
  readonly wait?: number;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly scope?: Scope;
  readonly json?: boolean;
}

export function addWrite(program: Command): void {
  const command = program
    .command('write')
    .summary('write a message to a slot')
    .description(
      'Write one message: the words of TEXT joined by spaces, or without TEXT, standard input unchanged ' +
        "(empty input is an empty message, and so is TEXT ''). Finish when the message is in the slot's queue.",
    )
    .argument('<name>', 'slot to write to, as app/events or //./mailslot/app/events')
    .argument('[text...]', 'message; put -- before it if it begins with a dash')
    .option('--lines', 'one message per line of input, without the line end, sent as it arrives')
    .option('--file <path>', 'file to read instead of standard input')
    .option('--wait <time>', 'longest wait for the slot to appear', parseDuration)
    .option('--timeout <time>', 'longest time for everything, then exit code 3', parseDuration)
    .addOption(
      program
        .createOption('--scope <reach>', 'farthest distance to send to (default: site)')
        .choices(['host', 'lan', 'site']),
    )
    .option('-j, --json', 'one JSON object about what was written: {"messages":1,"bytes":5}')
    .action((name: string, text: string[]) => write(name, text, command.optsWithGlobals<WriteOptions>()));
  withExamples(command, [
    'mailslot write app/events deploy finished',
    'git diff | mailslot write review',
    'tail -f app.log | mailslot write --lines app/log',
    'mailslot write --wait 5s app/events hello',
    'mailslot write --scope lan "//*/mailslot/alerts" fire in the hall',
  ]);
}

/** Writes TEXT, a file or standard input; resolves when all of it is in the slot's queue. */
export async function write(name: string, text: readonly string[], options: WriteOptions): Promise<void> {
  if (text.length > 0 && (options.lines || options.file !== undefined)) {
    throw new UsageError('TEXT is the message: leave it out, or --lines and --file');
  }
  const { root, wait, timeout, scope } = options;
  const open = {
    root,
    wait,
    scope,
    signal: timeout === undefined ? undefined : AbortSignal.timeout(timeout),
  };
  const sent = { messages: 0, bytes: 0 };
  const writing =
    text.length > 0 ? writeText(name, text, open, sent) : writeStream(name, options, open, sent);
  // Only now that the first call to the slot is on its way: setting this up costs no time then.
  const stopProgress = showProgress(
    () => `${sent.messages} messages, ${formatSize(sent.bytes)} bytes written`,
    () => text.length === 0 && options.file === undefined && process.stdin.isTTY,
  );
  try {
    await writing;
  } catch (error) {
    throw timeout !== undefined && (error as Error).name === 'TimeoutError' ? late(name, timeout) : error;
  } finally {
    stopProgress();
  }
  if (options.json) await print(jsonLine(sent));
}

/** The slot may have it all the same: what did not come is its answer. */
function late(name: string, timeout: number): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `${name} has not confirmed everything within ${formatDuration(timeout)} (--timeout), so what came last may be lost: ` +
      'its queue may be full, the network silent, or the input without an end',
  );
}

async function writeText(
  name: string,
  text: readonly string[],
  open: OpenOptions,
  sent: Sent,
): Promise<void> {
  const message = Buffer.from(text.join(' '));
  await sendMessage(name, message, open);
  sent.messages = 1;
  sent.bytes = message.length;
}

async function writeStream(name: string, input: InputOptions, open: OpenOptions, sent: Sent): Promise<void> {
  // Loaded only now: one message of text is what must start fastest.
  const { writeInput } = await import('./write-input.js');
  await writeInput(name, input, open, sent);
}
