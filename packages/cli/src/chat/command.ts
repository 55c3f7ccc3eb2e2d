import type { Command } from 'commander';
import { receiptsOption } from '../messenger/receipts.js';
import { withExamples } from '../terminal/examples.js';
import type { ChatOptions } from './chat.js';

export function addChat(program: Command): void {
  const command = program
    .command('chat')
    .summary('hold a conversation on the terminal with everyone or one name')
    .description(
      'Hold a conversation on this terminal with everyone, or with the messenger name WITH: a user, a computer, ' +
        'or an added name. Press Enter to send, Enter on an empty line to confirm alerts, and Ctrl-C to end it.',
    )
    .argument('[with]', 'messenger name (default: everyone)')
    .addOption(receiptsOption(program))
    .action(async (partner: string | undefined) => {
      // Loaded only now because it brings the messenger and all that a terminal needs.
      const { chat } = await import('./chat.js');
      await chat(partner, command.optsWithGlobals<ChatOptions>());
    });
  withExamples(command, ['mailslot chat', 'mailslot chat anna']);
}
