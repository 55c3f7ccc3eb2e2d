import type { CommandGrammar, Grammar, OptionGrammar, Values } from './grammar.js';

/**
 * Completion for bash 4 and newer. Names of slots are others' text: they are compared and quoted one by one, never
 * given to `compgen -W`, which would expand a `$(command)` in them.
 */
export function bashCompletion(grammar: Grammar): string {
  const withValue = [grammar, ...grammar.commands].flatMap(({ options }) => options.filter(takesValue));
  return `# bash completion for mailslot; load it with: source <(mailslot completion bash)
_mailslot() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local command= operands=0 at word words=
  local -a root=()
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case $word in
      --root) root=(--root "\${COMP_WORDS[at + 1]}"); ((at++)) ;;
      ${pattern(withValue.filter(({ flags }) => !flags.includes('--root')))}) ((at++)) ;;
      -*) ;;
      *) if [[ $command ]]; then ((operands++)); else command=$word; fi ;;
    esac
  done
  case $previous in
${withValue.map(valueCase).join('')}  esac
  if [[ $current == -* ]]; then
    case $command in
${grammar.commands.map(optionsCase).join('')}    esac
    words+=' ${flagsOf(grammar)}'
  else
    case $command:$operands in
      :*) words='${grammar.commands.map(({ name }) => name).join(' ')}' ;;
${grammar.commands.flatMap(argumentCases).join('')}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_mailslot_slots() {
  local name
  while IFS= read -r name; do
    if [[ $name == "$current"* ]]; then COMPREPLY+=("$(printf %q "$name")"); fi
  done < <(mailslot "\${root[@]}" list --names 2>/dev/null)
}
complete -F _mailslot mailslot
`;
}

function takesValue({ values }: OptionGrammar): boolean {
  return values !== undefined;
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
  return command.arguments.map((values, place) => `      ${command.name}:${place}) ${complete(values)} ;;\n`);
}

function complete(values: Values): string {
  switch (values.kind) {
    case 'slots':
      return '_mailslot_slots; return';
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
