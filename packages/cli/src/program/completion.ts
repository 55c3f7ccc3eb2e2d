import type { Command } from 'commander';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { type Grammar, grammarOf, OFFERED, type Offered } from '../completion/grammar.js';
import type { Where } from '../completion/offer.js';
import { zshCompletion } from '../completion/zsh.js';
import { print } from '../terminal/output.js';

const SHELLS: Readonly<Record<string, (grammar: Grammar) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export function addCompletion(program: Command): void {
  const command = program
    .command('completion')
    .summary('print the completion script for a shell')
    .description(
      'Print a script with which a shell completes commands, options, and the names of slots and people.',
    )
    .addArgument(program.createArgument('<shell>', 'shell to complete in').choices(Object.keys(SHELLS)))
    .addOption(
      program
        .createOption('--offer <what>', 'names to complete with, one per line, which the script asks for')
        .choices(OFFERED),
    )
    .option('--config <path>', "configuration file (default: MAILSLOT_CONFIG, else the user's)")
    .action(async (shell: string) => {
      const { offer: what, ...where } = command.optsWithGlobals<Where & { readonly offer?: Offered }>();
      if (what === undefined) return print(completionScript(program, shell));
      // Loaded only now because it brings the messenger and the configuration.
      const { offer } = await import('../completion/offer.js');
      await offer(what, where);
    })
    .addHelpText(
      'after',
      `
Load it in every shell:
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
