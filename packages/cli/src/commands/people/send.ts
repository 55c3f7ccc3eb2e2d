import type { Command } from 'commander';
import { isDuration, parseDuration } from '../../terminal/duration.js';
import { withExamples } from '../../terminal/examples.js';
import { UsageError } from '../../terminal/exit.js';
import type { SendOptions } from './send-actions.js';

const WAIT_READ = '--wait-read';

/** How long it waits when it is not said. */
const WAIT_READ_MS = 60_000;

export function addSend(program: Command): void {
  const command = program
    .command('send')
    .summary('send a message to a person or to everyone')
    .description(
      'Send a message to the messenger name TO: a user, a computer, or an added name; ' +
        '"*" is everyone in the domain. Without TEXT, send standard input.',
    )
    .argument('[to]', 'messenger name, or "*" for everyone; not with --domain')
    .argument('[text...]', 'message; several words are joined by spaces')
    .option('--domain <name>', "domain whose members all get the message, one of this computer's")
    .addOption(
      program
        .createOption('--level <level>', 'urgency; an alert stays until it is confirmed (default: info)')
        .choices(['info', 'warning', 'alert']),
    )
    .option('--ttl <time>', 'time after which the message expires, as 10m or 2h', parseTtl)
    .option('--thread <id>', 'message that began the conversation this one is part of')
    .option('--anyway', 'no check beforehand whether anyone has the name')
    .option(
      `${WAIT_READ} [time]`,
      'longest wait for someone to read it, then exit code 3 (default: 1m)',
      parseDuration,
    )
    .option('-j, --json', 'one JSON object about what was sent')
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
