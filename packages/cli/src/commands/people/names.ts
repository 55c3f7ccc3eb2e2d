import type { Command } from 'commander';
import { withExamples } from '../../terminal/examples.js';
import type { NamesOptions } from './names-actions.js';

/** Messenger names: what people are sent to. */
export function addNames(program: Command): void {
  const names = program
    .command('names')
    .summary('list, add or remove the names people can send to')
    .description(
      "List the messenger names of this user: the computer's, the user's, and added ones. A running messenger " +
        'applies each change at once.',
    )
    .helpCommand(false)
    .option('-j, --json', 'one JSON object per line')
    .action(async () => (await actions()).showNames(names.optsWithGlobals<NamesOptions>()));
  const add = names
    .command('add')
    .summary('add a name, unless someone in the domain has it')
    .description('Add a name, unless someone in the domain has it.')
    .argument('<alias>', 'name to add, as NIGHT-SHIFT')
    .action(async (name: string) => (await actions()).addAlias(name, add.optsWithGlobals<NamesOptions>()));
  withExamples(add, ['mailslot names add night-shift']);
  const remove = names
    .command('remove')
    .summary('remove an added name')
    .description('Remove an added name.')
    .argument('<alias>', 'name to remove, as "mailslot names" shows it')
    .action(async (name: string) =>
      (await actions()).removeAlias(name, remove.optsWithGlobals<NamesOptions>()),
    );
  withExamples(remove, ['mailslot names remove night-shift']);
  withExamples(names, ['mailslot names', 'mailslot names add night-shift', 'mailslot names --json']);
}

/** Loaded only now because it brings the messenger, which no command that writes needs. */
function actions(): Promise<typeof import('./names-actions.js')> {
  return import('./names-actions.js');
}
