import type { Command } from 'commander';
import { bashCompletion } from './completion/bash.js';
import { fishCompletion } from './completion/fish.js';
import { type Grammar, grammarOf } from './completion/grammar.js';
import { zshCompletion } from './completion/zsh.js';
import { print } from './output.js';

const SHELLS: Readonly<Record<string, (grammar: Grammar) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .summary('completion of commands, options and slots for a shell')
    .description('Prints a script with which a shell completes commands, options and the names of slots.')
    .addArgument(program.createArgument('<shell>', 'your shell').choices(Object.keys(SHELLS)))
    .action((shell: string) => print(completionScript(program, shell)))
    .addHelpText(
      'after',
      `
To have it in every shell:
  bash  echo 'source <(mailslot completion bash)' >> ~/.bashrc
  zsh   echo 'source <(mailslot completion zsh)' >> ~/.zshrc      (after compinit)
  fish  mailslot completion fish > ~/.config/fish/completions/mailslot.fish`,
    );
}

/** The script for one of the shells, made from the parser itself. */
export function completionScript(program: Command, shell: string): string {
  const generate = SHELLS[shell];
  if (generate === undefined) throw new Error(`no completion for ${shell}`);
  return generate(grammarOf(program));
}
