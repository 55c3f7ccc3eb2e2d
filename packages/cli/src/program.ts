import { Command, type OutputConfiguration } from 'commander';
import { addChat } from './chat.js';
import { addCompletion } from './completion.js';
import { addComputers } from './computers.js';
import { addDoctor } from './doctor.js';
import { withExamples } from './examples.js';
import { addInbox } from './inbox.js';
import { addInfo } from './info.js';
import { addKey } from './key.js';
import { addList } from './list.js';
import { addListen } from './listen.js';
import { addMan } from './man.js';
import { addNames } from './names.js';
import { addNats } from './nats.js';
import { addNet } from './net.js';
import { print, tell } from './output.js';
import { addPolicy } from './policy.js';
import { addSend } from './send.js';
import { addServe } from './serve.js';
import { addStatus } from './status.js';
import { VERSION } from './version.js';
import { addWrite } from './write.js';

/** Does what the words of a command line ask for. Help goes the way of all output: its reader may be slow, or gone. */
export async function runProgram(words: readonly string[]): Promise<void> {
  let help = '';
  const program = createProgram({
    writeOut: (text) => {
      help += text;
    },
    writeErr: tell,
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } finally {
    if (help !== '') await print(help);
  }
}

/** The grammar of the command line: what is parsed, and what help, completion and man page are made from. */
export function createProgram(output: OutputConfiguration = {}): Command {
  const program = new Command('mailslot')
    .description('Write messages to named slots and listen on them; send messages to people.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help, with examples')
    .helpCommand('help [command]', 'print help for a command')
    .option('--root <dir>', 'folder of the slots (default: MAILSLOT_ROOT, else that of the machine or user)')
    .exitOverride()
    // Errors are told in one place, `fail`.
    .configureOutput({ ...output, outputError: () => {} });
  for (const add of [addListen, addWrite, addList, addInfo]) add(program);
  for (const add of [addSend, addInbox, addChat, addNames, addNet]) add(program);
  for (const add of [addKey, addNats, addServe, addComputers, addStatus, addDoctor, addPolicy]) add(program);
  for (const add of [addCompletion, addMan]) add(program);
  withExamples(program, [
    'mailslot listen app/events',
    'mailslot write app/events hello',
    'mailslot list --watch',
  ]);
  program.addHelpText('after', `Exit codes: 0 done, 1 failed, 2 usage, 3 timed out.`);
  return program;
}
