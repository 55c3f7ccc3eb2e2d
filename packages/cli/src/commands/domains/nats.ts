import type { Command } from 'commander';
import { sentence, withExamples } from '../../terminal/examples.js';
import { collect } from '../slots/collect.js';
import type { NatsOptions, UseOptions } from './nats-actions.js';
import type { PermissionsOptions } from './nats-permissions.js';

/** The way beyond the LAN. */
export function addNats(program: Command): void {
  const nats = program
    .command('nats')
    .summary('carry a domain beyond the LAN, over NATS')
    .description(
      'Carry a domain over NATS servers as well, so that its computers can be in several networks. What a server ' +
        "sees is sealed with the domain's key. Each change takes effect at once, even in a running redirector.",
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
  const use = subcommand(nats, 'use', 'carry the domain over the given servers')
    .argument('<url...>', 'server, as nats://host:4222 or tls://host:4222')
    .option('--token-file <path>', 'file with the token for the server')
    .option('--user <name>', 'user name on the server, with --password-file')
    .option('--password-file <path>', 'file with the password')
    .option('--nkey <path>', 'file with the seed of an nkey')
    .option('--credentials <path>', '.creds file')
    .option('--ca <path>', "certificate authorities to trust for TLS, besides the system's")
    .option('--cert <path>', 'certificate for TLS, with --key')
    .option('--key <path>', 'private key of the certificate')
    .option('--no-seal', 'plain text, which the server can read and only slots with --remote anyone accept')
    .action(async (urls: string[]) => (await actions()).useNats(urls, use.optsWithGlobals<UseOptions>()));
  withExamples(use, [
    'mailslot nats use nats://10.0.0.7:4222',
    'mailslot nats use tls://a.example.com:4222 tls://b.example.com:4222 --nkey alpha.nk',
  ]);
}

function addOff(nats: Command): void {
  const off = subcommand(nats, 'off', 'stop carrying the domain over NATS').action(async () =>
    (await actions()).leaveNats(off.optsWithGlobals<NatsOptions>()),
  );
  withExamples(off, ['mailslot nats off']);
}

function addPermissions(nats: Command): void {
  const permissions = nats
    .command('permissions')
    .summary('print the permissions for the configuration of a nats-server')
    .description(
      'Print the permissions for the configuration of a nats-server, by which each computer can speak only in its own name ' +
        'and hear only its domains. A server has one such block: name all computers and all domains at once, and print it again when one is added.',
    )
    .argument('<computer...>', 'name of a computer, as ALPHA')
    .option(
      '--domain <name>',
      'domain of the computers; may be repeated (default: the primary one of this computer)',
      collect,
    )
    .option('--config <path>', "configuration file (default: MAILSLOT_CONFIG, else the user's)")
    .option('-j, --json', 'one JSON object per computer and domain: computer, domain, publish, subscribe')
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
    .option('--domain <name>', 'domain (default: MAILSLOT_DOMAIN, else the first in the file)')
    .option('--config <path>', "configuration file (default: MAILSLOT_CONFIG, else the user's)")
    .option('-j, --json', 'one JSON object');
}

/** Loaded only now because it brings the configuration, which no command that writes needs. */
function actions(): Promise<typeof import('./nats-actions.js')> {
  return import('./nats-actions.js');
}
