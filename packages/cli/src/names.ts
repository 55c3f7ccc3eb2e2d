import type { Command } from 'commander';
import { withExamples } from './examples.js';
import type { NamesOptions } from './names-actions.js';

/** Messenger names: what people are sent to. */
export function addNames(program: Command): void {
  const names = program
    .command('names')
    .summary('the names that people can send to: show, add, remove')
    .description(
      "The messenger names of this user: the computer's, the user's, and those that were added. A messenger that runs " +
        'takes each change over at once.',
    )
    .helpCommand(false)
    .option('-j, --json', 'one object a line')
    .action(async () => (await actions()).showNames(names.optsWithGlobals<NamesOptions>()));
  const add = names
    .command('add')
    .summary('have another name; refused when somebody of the domain has it')
    .description('Have another name; refused when somebody of the domain has it.')
    .argument('<alias>', 'the name, as NIGHT-SHIFT')
    .action(async (name: string) => (await actions()).addAlias(name, add.optsWithGlobals<NamesOptions>()));
  withExamples(add, ['mailslot names add night-shift']);
  const remove = names
    .command('remove')
    .summary('give a name back that was added')
    .description('Give a name back that was added.')
    .argument('<alias>', 'as shown without a subcommand')
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
