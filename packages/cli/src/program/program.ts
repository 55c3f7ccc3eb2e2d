import { styleText } from 'node:util';
import { Command, type OutputConfiguration } from 'commander';
import { addChat } from '../chat/command.js';
import { addComputers } from '../commands/domains/computers.js';
import { addKey } from '../commands/domains/key.js';
import { addNats } from '../commands/domains/nats.js';
import { addPolicy } from '../commands/domains/policy.js';
import { addInbox } from '../commands/people/inbox.js';
import { addNames } from '../commands/people/names.js';
import { addNet } from '../commands/people/net.js';
import { addSend, withWaitTime } from '../commands/people/send.js';
import { addServe } from '../commands/serve/serve.js';
import { addStatus } from '../commands/serve/status.js';
import { addInfo } from '../commands/slots/info.js';
import { addList } from '../commands/slots/list.js';
import { addListen } from '../commands/slots/listen.js';
import { addWrite } from '../commands/slots/write.js';
import { addDoctor } from '../doctor/doctor.js';
import { canDraw } from '../terminal/can-draw.js';
import { withExamples } from '../terminal/examples.js';
import { UsageError } from '../terminal/exit.js';
import { print, tell } from '../terminal/output.js';
import { addCompletion } from './completion.js';
import { refuseExpandedStar } from './expanded-star.js';
import { addMan } from './man.js';
import { VERSION } from './version.js';

const LAST_GROUP = 'This program:';

/** In the order of the help. */
const GROUPS: readonly (readonly [title: string, adds: readonly ((program: Command) => void)[]])[] = [
  ['Commands:\n\nSlots of this computer:', [addListen, addWrite, addList, addInfo]],
  ['Messages to people:', [addSend, addInbox, addChat, addNames, addNet]],
  ['Other computers:', [addKey, addNats, addServe, addComputers, addStatus, addDoctor, addPolicy]],
  [LAST_GROUP, [addCompletion, addMan]],
];

const GLOBAL: readonly string[] = ['--root', '--quiet'];

/** Does what the words of a command line ask for. Help goes the way of all output: its reader may be slow, or gone. */
export async function runProgram(words: readonly string[]): Promise<void> {
  let help = '';
  const program = createProgram({
    writeOut: (text) => {
      help += text;
    },
    writeErr: tell,
  });
  refuseExpandedStar(words);
  try {
    await program.parseAsync(withWaitTime(asked(words, program)), { from: 'user' });
  } catch (error) {
    if (isTooMany(error)) refuseUnknownAction(program);
    throw isKeyLine(error, words) ? new UsageError(KEY_LINE_SHOWN) : error;
  } finally {
    if (help !== '') await print(help);
  }
}

/** Help of a command that is not there is told as the command itself is: with the one that was meant. */
function asked(words: readonly string[], program: Command): readonly string[] {
  const [first, name] = words;
  const isKnown = program.commands.some((each) => each.name() === name);
  return first === 'help' && name !== undefined && name !== 'help' && !isKnown ? [name] : words;
}

function isTooMany(error: unknown): boolean {
  return (error as { code?: string }).code === 'commander.excessArguments';
}

/** A command that does something without an action takes a mistyped action for an argument. */
function refuseUnknownAction({ args: [name], commands }: Command): void {
  const command = commands.find((each) => each.name() === name);
  const [word] = command?.args ?? [];
  if (command === undefined || word === undefined || command.registeredArguments.length > 0) return;
  const actions = command.commands.map((each) => each.name());
  if (actions.length === 0 || actions.includes(word)) return;
  throw new UsageError(`unknown command '${word}': after "mailslot ${name}" comes ${actions.join(' or ')}`);
}

function isKeyLine(error: unknown, [command, action]: readonly string[]): boolean {
  return isTooMany(error) && command === 'key' && action === 'install';
}

const KEY_LINE_SHOWN =
  'the line of a key is read from standard input; run "mailslot key install" and paste it there. What was typed here ' +
  "is in the shell's history now, and was seen by whoever lists processes: remove it there, or make a new key";

/** The grammar of the command line: what is parsed, and what help, completion and man page are made from. */
export function createProgram(output: OutputConfiguration = {}): Command {
  const program = new Command('mailslot')
    .description('Write messages to named slots, listen on them, and send messages to people.')
    .version(VERSION, '-v, --version', 'version of this program')
    .helpOption('-h, --help', 'help, with examples')
    .option('--root <dir>', "folder of the slots (default: MAILSLOT_ROOT, else the machine's or user's)")
    .option('-q, --quiet', 'no output about what went well')
    .configureHelp({
      styleTitle: (title) => (canDraw(process.stdout) ? styleText('bold', title) : title),
      showGlobalOptions: true,
      // Of the program's own options these mean something to a command.
      visibleGlobalOptions: (command) => {
        const { options } = outermost(command);
        return command.parent === null ? [] : options.filter(({ long }) => GLOBAL.includes(long ?? ''));
      },
    })
    .exitOverride()
    // Errors are told in one place, `fail`.
    .configureOutput({ ...output, outputError: () => {} });
  for (const [title, adds] of GROUPS) {
    program.commandsGroup(title);
    for (const add of adds) add(program);
  }
  const help = new Command('help').argument('[command]').helpOption(false);
  program.addHelpCommand(help.summary('print the help of a command').helpGroup(LAST_GROUP));
  withExamples(program, [
    'mailslot listen app/events',
    'mailslot write app/events hello',
    'mailslot list --watch',
  ]);
  program.addHelpText('after', `Exit codes: 0 done, 1 failed, 2 usage, 3 timed out.`);
  return program;
}

function outermost(command: Command): Command {
  return command.parent === null ? command : outermost(command.parent);
}
