import type { CommandGrammar, Grammar, OptionGrammar, Values } from './grammar.js';

/** Completion for zsh; `compadd` quotes the names of slots, which are others' text. */
export function zshCompletion(grammar: Grammar): string {
  const commands = grammar.commands.map(({ name, description }) => `${name}\\:${doubleQuoted(description)}`);
  return `#compdef mailslot
# zsh completion for mailslot; load it with: source <(mailslot completion zsh)
_mailslot_slots() {
  local -a names root
  (( \${+opt_args[--root]} )) && root=(--root \${(Q)opt_args[--root]})
  names=(\${(f)"$(mailslot $root list --names 2>/dev/null)"})
  compadd -a names
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
  ];
  return `    ${command.name}) _arguments ${specs.join(' \\\n      ')} ;;\n`;
}

function optionSpec({ flags, description, values }: OptionGrammar): string {
  const names = flags.length > 1 ? `{${flags.join(',')}}` : flags[0];
  const value = values === undefined ? '' : `:value:${action(values)}`;
  const equals = values === undefined ? '' : '=';
  return `${names}${equals}'[${singleQuoted(description.replace(/[[\]:]/g, '\\$&'))}]${value}'`;
}

function action(values: Values): string {
  switch (values.kind) {
    case 'slots':
      return '_mailslot_slots';
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
