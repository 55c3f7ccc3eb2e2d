import type { Argument, Command, Option } from 'commander';

/** What is not known before somebody presses Tab: {@link offer} looks it up. */
export const OFFERED = [
  'slots',
  'keys',
  'domains',
  'recipients',
  'aliases',
  'messages',
  'unread',
  'interfaces',
] as const;

export type Offered = (typeof OFFERED)[number];

/** What may stand in a place of the command line. */
export type Values =
  | { readonly kind: 'offered'; readonly what: Offered }
  | { readonly kind: 'files' | 'folders' | 'anything' }
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
  /** Of a command with subcommands, their names. */
  readonly arguments: readonly Values[];
  readonly subcommands: readonly SubcommandGrammar[];
}

export interface SubcommandGrammar {
  readonly name: string;
  readonly arguments: readonly Values[];
  /** The last argument may be given again and again. */
  readonly repeats: boolean;
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
    arguments:
      subcommands.length > 0
        ? [{ kind: 'words', words: subcommands.map((each) => each.name()) }]
        : argumentsOf(command, commands),
    subcommands: subcommands.map(subcommandGrammar),
  };
}

function subcommandGrammar(command: Command): SubcommandGrammar {
  return {
    name: command.name(),
    arguments: argumentsOf(command, []),
    repeats: command.registeredArguments.at(-1)?.variadic ?? false,
  };
}

/**
 * Places behind a subcommand, as patterns for the command, how many words stand after it, and the first of them:
 * `key:1:use`, and `inbox:*:read` where any number may follow.
 */
export function placesAfter(
  command: string,
  { name, arguments: all, repeats }: SubcommandGrammar,
): readonly { readonly place: string; readonly values: Values }[] {
  return all.map((values, at) => {
    const words = repeats && at === all.length - 1 && at === 0 ? '*' : `${at + 1}`;
    return { place: `${command}:${words}:${name}`, values };
  });
}

function argumentsOf(command: Command, commands: readonly string[]): readonly Values[] {
  return command.registeredArguments.map((argument) => argumentValues(argument, command, commands));
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

/** The placeholder in an option's flags says what its value is, as in `--file <path>`; of some their names do. */
function optionValues(option: Option): Values {
  if (option.argChoices !== undefined) return { kind: 'words', words: option.argChoices };
  if (option.flags.endsWith('<path>')) return { kind: 'files' };
  if (option.flags.endsWith('<dir>')) return { kind: 'folders' };
  switch (option.long) {
    case '--domain':
      return offered('domains');
    case '--interface':
      return offered('interfaces');
    case '--thread':
      return offered('messages');
    default:
      return { kind: 'anything' };
  }
}

function argumentValues(argument: Argument, command: Command, commands: readonly string[]): Values {
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices };
  switch (argument.name()) {
    case 'name':
      return offered('slots');
    case 'file':
      return { kind: 'files' };
    case 'command':
      return { kind: 'words', words: commands };
    case 'to':
    case 'with':
      return offered('recipients');
    case 'id':
      return offered(command.parent?.name() === 'key' ? 'keys' : 'unread');
    case 'alias':
      return command.name() === 'remove' ? offered('aliases') : { kind: 'anything' };
    default:
      return { kind: 'anything' };
  }
}

function offered(what: Offered): Values {
  return { kind: 'offered', what };
}
