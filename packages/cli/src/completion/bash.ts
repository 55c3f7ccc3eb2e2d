import {
  type CommandGrammar,
  type Grammar,
  type OptionGrammar,
  placesAfter,
  type Values,
} from './grammar.js';

/**
 * Completion for bash 4 and newer. Names of slots and people are others' text: they are compared and quoted one by one,
 * never given to `compgen -W`, which would expand a `$(command)` in them.
 */
export function bashCompletion(grammar: Grammar): string {
  const withValue = [grammar, ...grammar.commands].flatMap(({ options }) => options.filter(takesValue));
  return `# bash completion for mailslot; load it with: source <(mailslot completion bash)
_mailslot() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local command= operands=0 first= at word words=
  local -a where=()
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case $word in
      --root | --config) where+=("$word" "\${COMP_WORDS[at + 1]}"); ((at++)) ;;
      ${pattern(withValue.filter(({ flags }) => !saysWhere(flags)))}) ((at++)) ;;
      -*) ;;
      *) if [[ ! $command ]]; then command=$word; elif ((operands++ == 0)); then first=$word; fi ;;
    esac
  done
  case $previous in
${withValue.map(valueCase).join('')}  esac
  if [[ $current == -* ]]; then
    case $command in
${grammar.commands.map(optionsCase).join('')}    esac
    words+=' ${flagsOf(grammar)}'
  else
    case $command:$operands:$first in
      :*) words='${grammar.commands.map(({ name }) => name).join(' ')}' ;;
${grammar.commands.flatMap(argumentCases).join('')}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_mailslot_offer() {
  while IFS= read -r word; do
    if [[ \${word,,} == "\${current,,}"* ]]; then COMPREPLY+=("$(printf %q "$word")"); fi
  done < <(mailslot completion bash --offer "$1" "\${where[@]}" 2>/dev/null)
}
complete -F _mailslot mailslot
`;
}

function takesValue({ values }: OptionGrammar): boolean {
  return values !== undefined;
}

function saysWhere(flags: readonly string[]): boolean {
  return flags.includes('--root') || flags.includes('--config');
}

function pattern(options: readonly OptionGrammar[]): string {
  return [...new Set(options.flatMap(({ flags }) => flags))].join(' | ');
}

function flagsOf({ options }: CommandGrammar): string {
  return options.flatMap(({ flags }) => flags).join(' ');
}

function valueCase(option: OptionGrammar): string {
  return `    ${pattern([option])}) ${complete(option.values as Values)} ;;\n`;
}

function optionsCase(command: CommandGrammar): string {
  return `      ${command.name}) words='${flagsOf(command)}' ;;\n`;
}

function argumentCases(command: CommandGrammar): readonly string[] {
  const { name, subcommands } = command;
  const own = command.arguments.map((values, place) => argumentCase(`${name}:${place}:*`, values));
  const below = subcommands.flatMap((subcommand) =>
    placesAfter(name, subcommand).map(({ place, values }) => argumentCase(place, values)),
  );
  return [...own, ...below];
}

function argumentCase(place: string, values: Values): string {
  return `      ${place}) ${complete(values)} ;;\n`;
}

function complete(values: Values): string {
  switch (values.kind) {
    case 'offered':
      return `_mailslot_offer ${values.what}; return`;
    case 'files':
      return 'compopt -o default; return';
    case 'folders':
      return 'compopt -o dirnames; return';
    case 'words':
      return `COMPREPLY=($(compgen -W '${values.words.join(' ')}' -- "$current")); return`;
    case 'anything':
      return 'return';
  }
}
