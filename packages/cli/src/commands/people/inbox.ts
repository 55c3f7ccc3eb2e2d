import type { Command } from 'commander';
import { receiptsOption } from '../../messenger/receipts.js';
import { parseDuration } from '../../terminal/duration.js';
import { withExamples } from '../../terminal/examples.js';
import { UsageError } from '../../terminal/exit.js';
import type { InboxOptions } from './inbox-actions.js';

export function addInbox(program: Command): void {
  const inbox = program
    .command('inbox')
    .summary('list the messages you received and sent')
    .description(
      'List messages, one per line: id, time, new, read or sent, sender, text. With --follow, keep printing, and receive ' +
        'messages as long as no other messenger of this user does.',
    )
    .helpCommand(false)
    .option('--follow', 'new messages as they arrive, until Ctrl-C')
    .option('--unread', 'unconfirmed messages only')
    .option('--search <text>', "text that must occur in the message or in the sender's name")
    .option('--limit <n>', 'number of messages at most, the latest ones (default: 100)', parseLimit)
    .addOption(receiptsOption(program))
    .option('-j, --json', 'one JSON object per line')
    .action(async () => (await actions()).showInbox(inbox.optsWithGlobals<InboxOptions>()));
  addRead(inbox);
  addQuiet(inbox);
  withExamples(inbox, [
    'mailslot inbox --unread',
    'mailslot inbox --follow',
    'mailslot inbox --search door --json',
    'mailslot inbox read all',
    'mailslot inbox quiet 2h',
  ]);
}

function addRead(inbox: Command): void {
  const read = inbox
    .command('read')
    .summary('confirm the given messages, or all')
    .description('Confirm the given messages, or all.')
    .argument('<id...>', "id as the inbox shows it, or 'all'")
    .action(async (ids: string[]) => (await actions()).confirm(ids, read.optsWithGlobals<InboxOptions>()));
  withExamples(read, ['mailslot inbox read all', 'mailslot inbox read 00112233445566aa']);
}

function addQuiet(inbox: Command): void {
  const quiet = inbox
    .command('quiet')
    .summary('limit pop-ups to alerts (do not disturb)')
    .description('Limit pop-ups to alerts (do not disturb).')
    .argument('[how]', 'on, off, or a time, as 2h (default: show the current setting)', parseQuiet)
    .action(async (until?: number) => (await actions()).quiet(until, quiet.optsWithGlobals<InboxOptions>()));
  withExamples(quiet, ['mailslot inbox quiet on', 'mailslot inbox quiet 2h', 'mailslot inbox quiet off']);
}

/** Milliseconds; 0 is off. */
function parseQuiet(text: string): number {
  if (text === 'on') return Number.POSITIVE_INFINITY;
  if (text === 'off') return 0;
  return parseDuration(text);
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(limit) || limit === 0) {
    throw new UsageError(`"${text}" is not a number of messages`);
  }
  return limit;
}

/** Loaded only now because it brings the messenger, which no command that writes needs. */
function actions(): Promise<typeof import('./inbox-actions.js')> {
  return import('./inbox-actions.js');
}
