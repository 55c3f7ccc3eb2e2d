import type { Command } from 'commander';
import { withExamples } from '../../terminal/examples.js';
import type { StatusOptions } from './status-actions.js';

export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .summary("show the redirector's status")
    .description(
      'Show the domains, keys and interfaces of the running redirector, and what became of messages. ' +
        'None is started: exit code 1 if none is running.',
    )
    .option('-j, --json', 'one JSON object')
    .action(async () => {
      const { status } = await import('./status-actions.js');
      await status(command.optsWithGlobals<StatusOptions>());
    });
  withExamples(command, ['mailslot status', 'mailslot status --json | jq .statistics']);
}
