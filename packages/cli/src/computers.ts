import type { Command } from 'commander';
import type { ComputersOptions } from './computers-actions.js';
import { withExamples } from './examples.js';

export function addComputers(program: Command): void {
  const command = program
    .command('computers')
    .summary('the computers of the domains')
    .description(
      'Lists the computers of the domains that this one is in: where and since when they are there, when they were ' +
        'heard last, what they offer.',
    )
    .option('-j, --json', 'one object a line; with --watch one for each change as well')
    .option('--watch', 'go on: in place on a terminal, else one line for each change')
    .action(async () => {
      const { computers } = await import('./computers-actions.js');
      await computers(command.optsWithGlobals<ComputersOptions>());
    });
  withExamples(command, [
    'mailslot computers',
    'mailslot computers --watch',
    'mailslot computers --json | jq -r .name',
  ]);
}
