import type { Argument, Command, Option } from 'commander';

/** What may stand in a place of the command line. */
export type Values =
  | { readonly kind: 'slots' | 'files' | 'folders' | 'anything' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface OptionGrammar {
  /** `--json`, or `-h` and `--help`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** `undefined`: it takes no value. */
  readonly values: Values | undefined;
}

export interface CommandGrammar {
  readonly name: string;
  readonly description: string;
  /** Of a command with subcommands, those of all of them. */
  readonly options: readonly OptionGrammar[];
  /** Of a command with subcommands, their names and what may follow one of them. */
  readonly arguments: readonly Values[];
}

/** The program itself, with options that hold everywhere, and its commands. */
export interface Grammar extends CommandGrammar {
  readonly commands: readonly CommandGrammar[];
}

/** What the completion of any shell needs to know, read off the parser itself. */
export function grammarOf(program: Command): Grammar {
  const commands = program.createHelp().visibleCommands(program);
  const names = commands.map((command) => command.name());
  return { ...commandGrammar(program, names), commands: commands.map((each) => commandGrammar(each, names)) };
}

function commandGrammar(command: Command, commands: readonly string[]): CommandGrammar {
  const { commands: below } = command;
  // The program's own commands have grammars of their own.
  const subcommands = command.parent === null ? [] : below;
  const options = [command, ...subcommands].flatMap((each) => each.createHelp().visibleOptions(each));
  return {
    name: command.name(),
    description: command.summary() || command.description(),
    options: distinct(options).map(optionGrammar),
    arguments: subcommands.length > 0 ? afterSubcommand(subcommands) : argumentsOf(command, commands),
  };
}

/** The subcommand, then whatever fits into the first place behind any of them. */
function afterSubcommand(subcommands: readonly Command[]): readonly Values[] {
  const firsts = subcommands.flatMap((each) => argumentsOf(each, []).slice(0, 1));
  const files = firsts.find(({ kind }) => kind === 'files');
  return [{ kind: 'words', words: subcommands.map((each) => each.name()) }, files ?? { kind: 'anything' }];
}

function argumentsOf(command: Command, commands: readonly string[]): readonly Values[] {
  return command.registeredArguments.map((argument) => argumentValues(argument, commands));
}

/** By their flags: subcommands have options in common. */
function distinct(options: readonly Option[]): readonly Option[] {
  return options.filter(({ flags }, at) => options.findIndex((other) => other.flags === flags) === at);
}

function optionGrammar(option: Option): OptionGrammar {
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    values: option.required ? optionValues(option) : undefined,
  };
}

/** The placeholder in an option's flags says what its value is: `--file <path>`. */
function optionValues(option: Option): Values {
  if (option.argChoices !== undefined) return { kind: 'words', words: option.argChoices };
  if (option.flags.endsWith('<path>')) return { kind: 'files' };
  if (option.flags.endsWith('<dir>')) return { kind: 'folders' };
  return { kind: 'anything' };
}

function argumentValues(argument: Argument, commands: readonly string[]): Values {
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices };
  switch (argument.name()) {
    case 'name':
      return { kind: 'slots' };
    case 'file':
      return { kind: 'files' };
    case 'command':
      return { kind: 'words', words: commands };
    default:
      return { kind: 'anything' };
  }
}
