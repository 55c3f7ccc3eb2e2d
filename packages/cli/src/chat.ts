import type { Command } from 'commander';
import type { ChatOptions } from './chat/chat.js';
import { withExamples } from './examples.js';
import { receiptsOption } from './receipts.js';

export function addChat(program: Command): void {
  const command = program
    .command('chat')
    .summary('a conversation on the terminal, with everybody or one name')
    .description(
      'A conversation on this terminal with everybody, or with whoever has the messenger name WITH: a user, a computer, ' +
        'or another name. Enter sends, and on an empty line confirms alerts; Ctrl-C ends it.',
    )
    .argument('[with]', 'a messenger name (default: everybody)')
    .addOption(receiptsOption(program))
    .action(async (partner: string | undefined) => {
      // Loaded only now because it brings the messenger and all that a terminal needs.
      const { chat } = await import('./chat/chat.js');
      await chat(partner, command.optsWithGlobals<ChatOptions>());
    });
  withExamples(command, ['mailslot chat', 'mailslot chat anna']);
}
