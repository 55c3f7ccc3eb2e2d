import type { Command } from 'commander';
import { parseDuration } from '../../terminal/duration.js';
import { withExamples } from '../../terminal/examples.js';
import { UsageError } from '../../terminal/exit.js';
import { parseSize } from '../../terminal/size.js';
import type { ListenOptions } from './receive.js';

export function addListen(program: Command): void {
  const choice = (flags: string, description: string, choices: readonly string[]) =>
    program.createOption(flags, description).choices(choices);
  const form = (flags: string, description: string, others: string[]) =>
    program.createOption(flags, description).conflicts(others);
  const command = program
    .command('listen')
    .summary('create a slot and print the messages it receives')
    .description(
      'Create a slot and print each message as one line, with every character escaped that could control a terminal. ' +
        'A message from a domain is preceded by the sending computer and a tab. ' +
        'Press Ctrl-C to stop, which frees the name at once.',
    )
    .argument('<name>', 'slot to create, as app/events or //./mailslot/app/events')
    .addOption(
      form('-j, --json', 'one JSON object per line: text or base64, size, sender, time', ['raw', 'exec']),
    )
    .addOption(form('--raw', 'the bytes as received and nothing else; not to a terminal', ['json', 'exec']))
    .addOption(
      form('--exec <command>', 'command for /bin/sh to run on each message, which is its input', [
        'json',
        'raw',
      ]),
    )
    .option('--count <n>', 'number of messages after which to stop', parseCount)
    .option('--timeout <time>', 'longest wait for a message, then exit code 3', parseDuration)
    .addOption(
      choice('--access <who>', 'users allowed to write (default: owner)', ['owner', 'group', 'everyone']),
    )
    .addOption(
      choice('--remote <who>', 'other computers allowed to write (default: none)', [
        'none',
        'domain',
        'anyone',
      ]),
    )
    .addOption(
      choice('--scope <reach>', 'farthest distance to receive from (default: site)', ['host', 'lan', 'site']),
    )
    .option('--max-size <size>', 'longest message accepted, as 64k (default: 4m)', parseSize)
    .option('--queue-bytes <size>', 'size of the queue (default: 64m)', parseSize)
    .addOption(
      choice('--when-full <rule>', 'effect of one more message on a full queue (default: block)', [
        'block',
        'reject',
        'drop-newest',
        'drop-oldest',
      ]),
    )
    .action((name: string) => listenLater(name, command.optsWithGlobals<ListenOptions>()));
  withExamples(command, [
    'mailslot listen app/events',
    'mailslot listen alerts --remote domain',
    'mailslot listen printers --remote domain --scope lan',
    'mailslot listen jobs --json --count 10',
    'mailslot listen backup --raw --count 1 > backup.tar',
    `mailslot listen deploy --exec 'xargs -0 notify-send "$MAILSLOT_NAME"'`,
  ]);
}

/** Loaded only now because it brings the server half of the library, which no other command needs. */
async function listenLater(name: string, options: ListenOptions): Promise<void> {
  const { listen } = await import('./receive.js');
  await listen(name, options);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count === 0) {
    throw new UsageError(`"${text}" is not a number of messages`);
  }
  return count;
}
