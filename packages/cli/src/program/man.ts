import type { Command } from 'commander';
import { examplesOf } from '../terminal/examples.js';
import { print } from '../terminal/output.js';
import { RELEASED, VERSION } from './version.js';

export function addMan(program: Command): void {
  program
    .command('man')
    .summary('print the manual page')
    .description('Print the manual page as roff; to read it: mailslot man | man -l -')
    .action(() => print(manualPage(program)));
}

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  [
    'MAILSLOT_ROOT',
    'Folder of the slots; --root beats it. Without both it is /run/mailslot if that exists, else /tmp/mailslot-UID.',
  ],
  [
    'MAILSLOT_CONFIG',
    'The configuration file; --config beats it. Without both it is /etc/mailslot/config.json for root, else ~/.config/mailslot/config.json.',
  ],
  ['MAILSLOT_COMPUTER', "This computer's name; it beats the configuration."],
  ['MAILSLOT_DOMAIN', 'The primary domain, one of those in the configuration.'],
  ['MAILSLOT_AUTOSTART', '0: no redirector is started on first need.'],
  ['MAILSLOT_NAME', "Set by listen --exec: the slot's name."],
  ['MAILSLOT_SENDER_PID', "Set by listen --exec: the writer's process, by its own word."],
  [
    'MAILSLOT_NOTE_FROM, _TO, _LEVEL, _ID, _TIME, _TEXT',
    'Set by serve --exec: who sent the message, to whom, and the rest of it. On Windows those that hold the text of others are empty.',
  ],
  [
    'MAILSLOT_MESSAGE_FILE',
    'Set by both on Windows: the path of a file with the message as one object, as --json prints it.',
  ],
  ['MAILSLOT_SENDER_COMPUTER', 'Set by both: the computer it came from; empty for this one.'],
  ['XDG_STATE_HOME', 'Where a messenger keeps its history; without it ~/.local/state, for root /var/lib.'],
];

const EXIT_STATUS: readonly (readonly [string, string])[] = [
  ['0', 'Done.'],
  [
    '1',
    'Failed, and a line on standard error says why; or what was looked at is not as it should be (doctor, policy check).',
  ],
  ['2', 'The command line is wrong.'],
  ['3', 'The time that --timeout, --wait or --wait-read gave is over.'],
  ['130, 143', 'A listener was ended by Ctrl-C or by SIGTERM.'],
];

/** The manual page in the roff of man(7), made from the parser itself. */
export function manualPage(program: Command): string {
  const commands = program.createHelp().visibleCommands(program);
  return [
    `.TH MAILSLOT 1 "${RELEASED}" "mailslot ${VERSION}" "User Commands"`,
    '.SH NAME',
    'mailslot \\- messages to named slots, and to people',
    '.SH SYNOPSIS',
    ...commands
      .map((command) => `.B mailslot ${dashes(command.name())}\n${text(command.usage())}\n.br`)
      .slice(0, -1),
    `.B mailslot ${dashes(commands.at(-1)?.name() ?? '')}\n${text(commands.at(-1)?.usage() ?? '')}`,
    '.SH DESCRIPTION',
    text(program.description()),
    text(
      'A slot is a named queue of messages on this computer: one process creates it and reads, any number of ' +
        'others write. Every spelling app/events, //./mailslot/app/events and \\\\.\\mailslot\\app\\events is the same name; ' +
        'case does not matter.',
    ),
    '.SH OPTIONS',
    ...optionRows(program),
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    '.SH EXIT STATUS',
    ...rows(EXIT_STATUS),
    '.SH ENVIRONMENT',
    ...rows(ENVIRONMENT),
    '.SH EXAMPLES',
    ...exampleLines(program),
    '',
  ].join('\n');
}

function commandSection(command: Command): readonly string[] {
  const examples = exampleLines(command);
  return [
    `.SS ${dashes(command.name())} ${dashes(command.usage())}`,
    text(command.description()),
    ...rows(command.registeredArguments.map((each) => [each.name(), each.description])),
    ...subcommandRows(command),
    ...optionRows(command),
    ...(examples.length > 0 ? ['.PP', 'Examples:', '.PP', ...examples] : []),
  ];
}

/** `key new <domain>` with what it does; its options are those of its siblings, which stand once with the command. */
function subcommandRows(command: Command): readonly string[] {
  return rows(
    command.commands.map((each) => {
      const operands = each.registeredArguments.map((argument) =>
        argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
      );
      return [[command.name(), each.name(), ...operands].join(' '), each.description()];
    }),
  );
}

function optionRows(command: Command): readonly string[] {
  const help = command.createHelp();
  // The program's own commands have sections of their own.
  const options = [command, ...(command.parent === null ? [] : command.commands)]
    .flatMap((each) => help.visibleOptions(each))
    .map((each): [string, string] => [each.flags, help.optionDescription(each)]);
  return rows([...new Map(options)]);
}

function rows(entries: readonly (readonly [term: string, description: string])[]): readonly string[] {
  return entries.flatMap(([term, description]) => ['.TP', `.B ${dashes(term)}`, text(description)]);
}

function exampleLines(command: Command): readonly string[] {
  const lines = examplesOf(command);
  return lines.length === 0 ? [] : ['.nf', ...lines.map((line) => protect(dashes(line))), '.fi'];
}

/** Running text in lines of at most 76 characters. */
function text(running: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of running.split(' ').map(dashes)) {
    if (line !== '' && line.length + 1 + word.length > 76) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map(protect).join('\n');
}

/** Backslashes and dashes as themselves: roff would obey the one and typeset the other as a hyphen. */
function dashes(words: string): string {
  return words.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}

/** A line that begins with a dot or a quote would be a request. */
function protect(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}
