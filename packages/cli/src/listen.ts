import type { Command } from 'commander';
import { parseDuration } from './duration.js';
import { withExamples } from './examples.js';
import { UsageError } from './exit.js';
import type { ListenOptions } from './receive.js';
import { parseSize } from './size.js';

export function addListen(program: Command): void {
  const choice = (flags: string, description: string, choices: readonly string[]) =>
    program.createOption(flags, description).choices(choices);
  const form = (flags: string, description: string, others: string[]) =>
    program.createOption(flags, description).conflicts(others);
  const command = program
    .command('listen')
    .summary('create a slot and print the messages that come')
    .description(
      'Creates a slot and prints each message as one line, with everything escaped that a terminal would obey. ' +
        'What came through a domain has the sending computer and a tab in front. ' +
        'Ends with Ctrl-C; the name is free at once.',
    )
    .argument('<name>', 'the slot to create, as app/events or //./mailslot/app/events')
    .addOption(form('-j, --json', 'one object a line: text or base64, size, sender, time', ['raw', 'exec']))
    .addOption(form('--raw', 'the bytes as they came and nothing else; not to a terminal', ['json', 'exec']))
    .addOption(
      form('--exec <command>', 'run this by /bin/sh for each message, with the message as its input', [
        'json',
        'raw',
      ]),
    )
    .option('--count <n>', 'end after n messages', parseCount)
    .option('--timeout <time>', 'end (exit code 3) when none came for this long', parseDuration)
    .addOption(choice('--access <who>', 'who may write (default: owner)', ['owner', 'group', 'everyone']))
    .addOption(
      choice('--remote <who>', 'which other computers may write, too (default: none)', [
        'none',
        'domain',
        'anyone',
      ]),
    )
    .addOption(
      choice('--scope <reach>', 'from how far away at most (default: site)', ['host', 'lan', 'site']),
    )
    .option('--max-size <size>', 'longest message taken, as 64k (default: 4m)', parseSize)
    .option('--queue-bytes <size>', 'what may wait (default: 64m)', parseSize)
    .addOption(
      choice('--when-full <rule>', 'what a full queue does with one more message (default: block)', [
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
