import type { Command } from 'commander';
import { withExamples } from './examples.js';
import type { StatusOptions } from './status-actions.js';

export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .summary('how the redirector stands')
    .description(
      'Asks the redirector that runs for its domains, keys, interfaces, and what became of messages. ' +
        'None is started: exit code 1 if none runs.',
    )
    .option('-j, --json', 'print one object')
    .action(async () => {
      const { status } = await import('./status-actions.js');
      await status(command.optsWithGlobals<StatusOptions>());
    });
  withExamples(command, ['mailslot status', 'mailslot status --json | jq .statistics']);
}
