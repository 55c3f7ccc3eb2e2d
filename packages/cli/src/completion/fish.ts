import {
  type CommandGrammar,
  type Grammar,
  type OptionGrammar,
  placesAfter,
  type Values,
} from './grammar.js';

/** Completion for fish, which does not expand what a command substitution prints: names of slots and people are others' text. */
export function fishCompletion(grammar: Grammar): string {
  const withValue = [grammar, ...grammar.commands].flatMap(({ options }) =>
    options.filter(({ values }) => values !== undefined).flatMap(({ flags }) => flags),
  );
  const lines = [
    ...grammar.options.map((option) => optionLine(option, [])),
    ...grammar.commands.map(({ name, description }) => `${at(':0:')} -a ${name} -d ${quoted(description)}`),
    ...grammar.commands.flatMap(commandLines),
  ];
  return `# fish completion for mailslot; load it with: mailslot completion fish | source
# Prints the command, how many words stand after it, and the first of them: key:1:use
function __mailslot_place
  set -l words (commandline -opc)[2..]
  set -l operands
  while set -q words[1]
    switch $words[1]
      case ${[...new Set(withValue)].join(' ')}
        set -e words[1]
      case '-*'
      case '*'
        set -a operands $words[1]
    end
    set -e words[1]
  end
  echo "$operands[1]:"(count $operands[2..])":$operands[2]"
end
function __mailslot_offer
  set -l words (commandline -opc)
  set -l where
  for option in --root --config
    set -l at (contains -i -- $option $words)
    and set -a where $option $words[(math $at + 1)]
  end
  mailslot completion fish --offer $argv[1] $where 2>/dev/null
end
complete -c mailslot -f
${lines.map((line) => `complete -c mailslot ${line}\n`).join('')}`;
}

function commandLines(command: CommandGrammar): readonly string[] {
  const { name, subcommands } = command;
  const own = command.arguments.map((values, place) => ({ place: `${name}:${place}:*`, values }));
  const below = subcommands.flatMap((subcommand) => placesAfter(name, subcommand));
  return [
    ...command.options.map((option) => optionLine(option, [at(`${name}:*`)])),
    ...[...own, ...below].flatMap(({ place, values }) => {
      const offered = action(values);
      return offered === '' ? [] : [`${at(place)}${offered}`];
    }),
  ];
}

/** The condition that the cursor is in such a place. */
function at(place: string): string {
  return `-n "string match -q '${place}' (__mailslot_place)"`;
}

function optionLine({ flags, description, values }: OptionGrammar, condition: readonly string[]): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values === undefined ? '' : ` ${values.kind === 'files' ? '-r' : '-x'}${action(values)}`;
  return `${[...condition, ...names].join(' ')} -d ${quoted(description)}${value}`;
}

function action(values: Values): string {
  switch (values.kind) {
    case 'offered':
      return ` -a '(__mailslot_offer ${values.what})'`;
    case 'files':
      return ' -F';
    case 'folders':
      return " -a '(__fish_complete_directories)'";
    case 'words':
      return ` -a ${quoted(values.words.join(' '))}`;
    case 'anything':
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
