import type { Command } from 'commander';

const examples = new WeakMap<Command, readonly string[]>();

/** Examples at the end of a command's help; the man page shows them too. */
export function withExamples(command: Command, lines: readonly string[]): void {
  examples.set(command, lines);
  command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`);
}

export function examplesOf(command: Command): readonly string[] {
  return examples.get(command) ?? [];
}

/** What a list of commands says of one, as its own help says it. */
export function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
