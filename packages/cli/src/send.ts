import type { Command } from 'commander';
import { isDuration, parseDuration } from './duration.js';
import { withExamples } from './examples.js';
import { UsageError } from './exit.js';
import type { SendOptions } from './send-actions.js';

const WAIT_READ = '--wait-read';

/** How long it waits when it is not said. */
const WAIT_READ_MS = 60_000;

export function addSend(program: Command): void {
  const command = program
    .command('send')
    .summary('send a message to a person, or to everybody')
    .description(
      'Sends a message to whoever has the messenger name TO: a user, a computer, or another name that was added; ' +
        '"*" is everybody of the domain. Without TEXT it sends standard input.',
    )
    .argument('[to]', 'a messenger name, or "*" for everybody; not with --domain')
    .argument('[text...]', 'the message; several words are joined by spaces')
    .option('--domain <name>', 'to everybody of this domain, one of those of this computer')
    .addOption(
      program
        .createOption('--level <level>', 'how urgent; an alert stays until it is confirmed (default: info)')
        .choices(['info', 'warning', 'alert']),
    )
    .option('--ttl <time>', 'worth showing for so long only, as 10m or 2h', parseTtl)
    .option('--thread <id>', 'a part of the conversation that this message began')
    .option('--anyway', 'send it to a name without asking first whether anybody has it')
    .option(
      `${WAIT_READ} [time]`,
      'wait until somebody has read it, else exit code 3 (default: 1m)',
      parseDuration,
    )
    .option('-j, --json', 'print what was sent as one object')
    .action((to: string | undefined, text: string[]) => {
      return sendLater(to, text, command.optsWithGlobals<SendOptions>());
    });
  withExamples(command, [
    'mailslot send anna the build is broken',
    'mailslot send "*" lunch',
    'mailslot send --level alert --wait-read=5m anna the server room is hot',
    'mailslot send --domain LAB the door is open',
    'git log -1 | mailslot send anna',
  ]);
}

async function sendLater(
  to: string | undefined,
  words: readonly string[],
  options: SendOptions,
): Promise<void> {
  // With a domain it goes to all of it, and every word is text.
  const text = options.domain === undefined || to === undefined ? words : [to, ...words];
  const addressee = options.domain === undefined ? to : '*';
  if (addressee === undefined)
    throw new UsageError('to whom? write a name, "*" for everybody, or --domain NAME');
  const { send } = await import('./send-actions.js');
  await send(addressee, text, options);
}

function parseTtl(text: string): number {
  return Math.max(1, Math.ceil(parseDuration(text) / 1000));
}

/**
 * The words of a command line as the parser shall see them: it would take the word after a bare --wait-read for its time,
 * which may as well be whom the message is for.
 */
export function withWaitTime(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return words.map((word, at) => {
    const isBare = words[0] === 'send' && word === WAIT_READ && (end < 0 || at < end);
    return isBare && !isDuration(words[at + 1] ?? '') ? `${WAIT_READ}=${WAIT_READ_MS}ms` : word;
  });
}
