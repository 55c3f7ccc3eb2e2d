import type { Command } from 'commander';
import { collect } from './collect.js';
import { sentence, withExamples } from './examples.js';
import type { NatsOptions, UseOptions } from './nats-actions.js';
import type { PermissionsOptions } from './nats-permissions.js';

/** The way beyond the LAN. */
export function addNats(program: Command): void {
  const nats = program
    .command('nats')
    .summary('carry a domain beyond the LAN: use, off, permissions')
    .description(
      'Carries a domain over servers of NATS as well, so that its computers may be in several networks. What a server ' +
        'sees is sealed with the key of the domain. Each change takes effect at once, also in a redirector that runs.',
    )
    .helpCommand(false);
  addUse(nats);
  addOff(nats);
  addPermissions(nats);
  withExamples(nats, [
    'mailslot nats use tls://nats.example.com:4222 --credentials office.creds',
    'mailslot nats permissions ALPHA BRAVO > mailslot.conf',
    'mailslot nats off',
  ]);
}

function addUse(nats: Command): void {
  const use = subcommand(nats, 'use', 'carry the domain over these servers, from now on')
    .argument('<url...>', 'as nats://host:4222 or tls://host:4222')
    .option('--token-file <path>', 'a file with the token that the server asks for')
    .option('--user <name>', 'who this is to the server, with --password-file')
    .option('--password-file <path>', 'a file with the password')
    .option('--nkey <path>', 'a file with the seed of an nkey')
    .option('--credentials <path>', 'a .creds file')
    .option('--ca <path>', 'authorities to trust for TLS, beside those of the system')
    .option('--cert <path>', 'a certificate for TLS, with --key')
    .option('--key <path>', 'its private key')
    .option('--no-seal', 'in clear: the server can read, and only slots with --remote anyone take it')
    .action(async (urls: string[]) => (await actions()).useNats(urls, use.optsWithGlobals<UseOptions>()));
  withExamples(use, [
    'mailslot nats use nats://10.0.0.7:4222',
    'mailslot nats use tls://a.example.com:4222 tls://b.example.com:4222 --nkey alpha.nk',
  ]);
}

function addOff(nats: Command): void {
  const off = subcommand(nats, 'off', 'carry the domain over NATS no longer').action(async () =>
    (await actions()).leaveNats(off.optsWithGlobals<NatsOptions>()),
  );
  withExamples(off, ['mailslot nats off']);
}

function addPermissions(nats: Command): void {
  const permissions = nats
    .command('permissions')
    .description(
      'Prints what a nats-server has to be told so that each computer can speak in its own name only, and hears its domains ' +
        'only. A server has one such block: name all computers and all domains at once, and make it again when one is added.',
    )
    .argument('<computer...>', 'names of computers, as ALPHA')
    .option(
      '--domain <name>',
      'their domain; may be repeated (default: the primary one of this computer)',
      collect,
    )
    .option('--config <path>', 'the configuration file (default: MAILSLOT_CONFIG, else that of the user)')
    .option('-j, --json', 'one object for each computer and domain: computer, domain, publish, subscribe')
    .action(async (computers: string[]) => {
      const { showPermissions } = await import('./nats-permissions.js');
      await showPermissions(computers, permissions.optsWithGlobals<PermissionsOptions>());
    });
  withExamples(permissions, [
    'mailslot nats permissions ALPHA',
    'mailslot nats permissions ALPHA BRAVO --domain OFFICE --domain SHOP > mailslot.conf',
  ]);
}

function subcommand(nats: Command, name: string, description: string): Command {
  return nats
    .command(name)
    .summary(description)
    .description(sentence(description))
    .option('--domain <name>', 'the domain (default: MAILSLOT_DOMAIN, the first of the file)')
    .option('--config <path>', 'the configuration file (default: MAILSLOT_CONFIG, else that of the user)')
    .option('-j, --json', 'print one object');
}

/** Loaded only now because it brings the configuration, which no command that writes needs. */
function actions(): Promise<typeof import('./nats-actions.js')> {
  return import('./nats-actions.js');
}
