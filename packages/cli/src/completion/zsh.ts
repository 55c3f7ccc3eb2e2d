import type { CommandGrammar, Grammar, OptionGrammar, SubcommandGrammar, Values } from './grammar.js';

/** Completion for zsh; `compadd` quotes the names of slots and people, which are others' text. */
export function zshCompletion(grammar: Grammar): string {
  const commands = grammar.commands.map(({ name, description }) => `${name}\\:${doubleQuoted(description)}`);
  return `#compdef mailslot
# zsh completion for mailslot; load it with: source <(mailslot completion zsh)
_mailslot_offer() {
  local -a offered where
  local option
  for option in --root --config; do
    (( \${+opt_args[$option]} )) && where+=($option \${(Q)opt_args[$option]})
  done
  offered=(\${(f)"$(mailslot completion zsh --offer $1 $where 2>/dev/null)"})
  compadd -M 'm:{a-zA-Z}={A-Za-z}' -a offered
}
_mailslot() {
  local state line
  typeset -A opt_args
  _arguments -C \\
${grammar.options.map((option) => `    ${optionSpec(option)} \\\n`).join('')}    '1:command:((${commands.join(' ')}))' \\
    '*::argument:->arguments'
  [[ $state == arguments ]] || return
  case $line[1] in
${grammar.commands.map((command) => commandCase(command, grammar.options)).join('')}  esac
}
if [[ $funcstack[1] == _mailslot ]]; then _mailslot "$@"; else compdef _mailslot mailslot; fi
`;
}

function commandCase(command: CommandGrammar, everywhere: readonly OptionGrammar[]): string {
  // Help is an option of the program and of each command.
  const own = new Set(command.options.flatMap(({ flags }) => flags));
  const options = [
    ...command.options,
    ...everywhere.filter(({ flags }) => !flags.some((flag) => own.has(flag))),
  ];
  const specs = [
    ...options.map(optionSpec),
    ...command.arguments.map((values, place) => `'${place + 1}:${command.name}:${action(values)}'`),
    ...afterSubcommand(command),
  ];
  return `    ${command.name}) _arguments ${specs.join(' \\\n      ')} ;;\n`;
}

/** What follows a subcommand depends on which it is. */
function afterSubcommand({ name, subcommands }: CommandGrammar): readonly string[] {
  if (subcommands.length === 0) return [];
  const most = Math.max(...subcommands.map((each) => each.arguments.length));
  const places = Array.from({ length: most }, (_, at) => `'${at + 2}:${name}:${actionAt(subcommands, at)}'`);
  return subcommands.some(({ repeats }) => repeats)
    ? [
        ...places,
        `'*:${name}:${actionAt(
          subcommands.filter(({ repeats }) => repeats),
          -1,
        )}'`,
      ]
    : places;
}

function actionAt(subcommands: readonly SubcommandGrammar[], at: number): string {
  const cases = subcommands.flatMap(({ name, arguments: all }) => {
    const values = all.at(at < all.length ? at : all.length);
    const does = values === undefined ? ' ' : action(values);
    return does === ' ' ? [] : [`${name}) ${does} ;;`];
  });
  return cases.length === 0 ? ' ' : `{case $line[1] in ${cases.join(' ')} esac}`;
}

function optionSpec({ flags, description, values }: OptionGrammar): string {
  const names = flags.length > 1 ? `{${flags.join(',')}}` : flags[0];
  const value = values === undefined ? '' : `:value:${action(values)}`;
  const equals = values === undefined ? '' : '=';
  return `${names}${equals}'[${singleQuoted(description.replace(/[[\]:]/g, '\\$&'))}]${value}'`;
}

function action(values: Values): string {
  switch (values.kind) {
    case 'offered':
      // The space keeps zsh from putting words of its own behind the first.
      return ` _mailslot_offer ${values.what}`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'words':
      return `(${values.words.join(' ')})`;
    case 'anything':
      return ' ';
  }
}

/** For the inside of single quotes. */
function singleQuoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}

/** A string in double quotes inside single quotes. */
function doubleQuoted(text: string): string {
  return `"${singleQuoted(text.replace(/["\\$`]/g, '\\$&'))}"`;
}
