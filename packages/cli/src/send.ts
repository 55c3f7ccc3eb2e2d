import type { Command } from 'commander';
import { parseDuration } from './duration.js';
import { withExamples } from './examples.js';
import { UsageError } from './exit.js';
import type { SendOptions } from './send-actions.js';

/** How long --wait-read waits when it is not said. */
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
      '--wait-read [time]',
      'wait until somebody has read it, else exit code 3 (default: 1m)',
      parseWait,
    )
    .option('--json', 'print what was sent as one object')
    .action((to: string | undefined, text: string[]) => {
      return sendLater(to, text, command.optsWithGlobals<GivenOptions>());
    });
  withExamples(command, [
    'mailslot send anna the build is broken',
    'mailslot send "*" lunch',
    'mailslot send --level alert --wait-read=5m anna the server room is hot',
    'mailslot send --domain LAB the door is open',
    'git log -1 | mailslot send anna',
  ]);
}

type GivenOptions = Omit<SendOptions, 'waitRead'> & { readonly waitRead?: number | true };

async function sendLater(
  to: string | undefined,
  words: readonly string[],
  { waitRead, ...options }: GivenOptions,
): Promise<void> {
  // With a domain it goes to all of it, and every word is text.
  const text = options.domain === undefined || to === undefined ? words : [to, ...words];
  const addressee = options.domain === undefined ? to : '*';
  if (addressee === undefined)
    throw new UsageError('to whom? write a name, "*" for everybody, or --domain NAME');
  const { send } = await import('./send-actions.js');
  await send(addressee, text, { ...options, waitRead: waitRead === true ? WAIT_READ_MS : waitRead });
}

function parseTtl(text: string): number {
  return Math.max(1, Math.ceil(parseDuration(text) / 1000));
}

/** Its value may be left out, and then the next word is taken for it. */
function parseWait(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}; without a time, --wait-read stands at the end of the line`);
  }
}
