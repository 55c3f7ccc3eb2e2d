import type { Command } from 'commander';
import { withExamples } from '../../terminal/examples.js';
import type { ComputersOptions } from './computers-actions.js';

export function addComputers(program: Command): void {
  const command = program
    .command('computers')
    .summary('list the computers of the domains')
    .description(
      'List the computers of the domains this computer is in: their addresses, how long they have been there, when they ' +
        'were last heard, and what they offer.',
    )
    .option('-j, --json', 'one JSON object per line; with --watch, also one per change')
    .option('--watch', 'updates as they happen: in place on a terminal, else one line per change')
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
