import type { Command } from 'commander';
import { sentence, withExamples } from '../../terminal/examples.js';
import { collect } from '../slots/collect.js';
import type { JoinOptions, KeyOptions } from './key-actions.js';

/** Keys of domains: what makes computers members of one. */
export function addKey(program: Command): void {
  const key = program
    .command('key')
    .summary('make, share, install or change the keys of domains')
    .description(
      'Manage the keys of domains. A domain consists of the computers that have its key. The secret is never an argument, ' +
        'and only "share" prints it. Each change takes effect at once, even in a running redirector.',
    )
    .helpCommand(false);
  addNewAndInstall(key);
  addUseAndRemove(key);
  addListAndShare(key);
  withExamples(key, [
    'mailslot key new OFFICE',
    `mailslot key share | ssh other-computer 'mailslot key install'`,
    'mailslot key list',
  ]);
}

const INTERFACE = [
  '--interface <name>',
  'only interface the domain may use, by name or address; lo is this computer alone; may be repeated',
  collect,
] as const;

function addNewAndInstall(key: Command): void {
  const make = subcommand(key, 'new', 'make a key for a domain, and the domain if it is new')
    .argument('<domain>', 'name of the domain, as OFFICE')
    .option(...INTERFACE)
    .action(async (domain: string) => (await actions()).makeKey(domain, make.optsWithGlobals<JoinOptions>()));
  withExamples(make, ['mailslot key new OFFICE', 'mailslot key new OFFICE --interface eth0']);
  const install = subcommand(key, 'install', 'install a key that "share" printed, from standard input')
    .option(...INTERFACE)
    .action(async () => (await actions()).installKey(install.optsWithGlobals<JoinOptions>()));
  withExamples(install, ['mailslot key install < line', 'mailslot key install   # and paste the line']);
}

function addUseAndRemove(key: Command): void {
  const use = subcommand(key, 'use', 'send with this key from now on')
    .argument('<id>', 'id as "mailslot key list" shows it')
    .action(async (id: string) => (await actions()).useKey(id, use.optsWithGlobals<KeyOptions>()));
  withExamples(use, ['mailslot key use 1a2b3c4d']);
  const remove = subcommand(key, 'remove', 'remove a key, and leave the domain with its last one')
    .argument('<id>', 'id as "mailslot key list" shows it')
    .action(async (id: string) => (await actions()).removeKey(id, remove.optsWithGlobals<KeyOptions>()));
  withExamples(remove, ['mailslot key remove 1a2b3c4d']);
}

function addListAndShare(key: Command): void {
  const list = subcommand(key, 'list', 'list the keys of this computer, without their secrets').action(
    async () => (await actions()).listKeys(list.optsWithGlobals<KeyOptions>()),
  );
  withExamples(list, ['mailslot key list --json']);
  const share = subcommand(key, 'share', 'print a key as one line for "install" on another computer')
    .argument('[id]', 'id as "mailslot key list" shows it (default: the key in use for the primary domain)')
    .action(async (id?: string) => (await actions()).shareKey(id, share.optsWithGlobals<KeyOptions>()));
  withExamples(share, [`mailslot key share | ssh other-computer 'mailslot key install'`]);
}

function subcommand(key: Command, name: string, description: string): Command {
  return key
    .command(name)
    .summary(description)
    .description(sentence(description))
    .option('--config <path>', "configuration file (default: MAILSLOT_CONFIG, else the user's)")
    .option('-j, --json', 'one JSON object per line');
}

/** Loaded only now because it brings the configuration, which no command that writes needs. */
function actions(): Promise<typeof import('./key-actions.js')> {
  return import('./key-actions.js');
}
