import type { Command } from 'commander';
import { collect } from './collect.js';
import { withExamples } from './examples.js';
import { UsageError } from './exit.js';
import { receiptsOption } from './receipts.js';
import type { ServeOptions } from './serve-actions.js';

export function addServe(program: Command): void {
  const form = (flags: string, description: string, others: string[]) =>
    program.createOption(flags, description).conflicts(others);
  const command = program
    .command('serve')
    .summary('run the redirector, which carries messages to and from other computers')
    .description(
      'Runs the redirector of the root until Ctrl-C or SIGTERM. Without it one is started on first need and ends when ' +
        'nobody has needed it for a minute. In no domain it sends nothing and listens to nothing. With --page, --popups ' +
        'or --exec it is a messenger as well, and uses the redirector that runs already, if there is one.',
    )
    .option('--config <path>', 'the configuration file (default: MAILSLOT_CONFIG, else that of the user)')
    .option('--computer <name>', "this computer's name (default: MAILSLOT_COMPUTER, the file's, the host's)")
    .option('--domain <name>', 'the primary domain (default: MAILSLOT_DOMAIN, the first of the file)')
    .addOption(
      form('--interface <name>', 'use this one only, by name or address; may be repeated', [
        'loopback',
      ]).argParser(collect),
    )
    .addOption(form('--loopback', 'stay on this computer', ['interface', 'nats']))
    .addOption(form('--ipv4', 'use IPv4 only', ['ipv6']))
    .addOption(form('--ipv6', 'use IPv6 only', ['ipv4']))
    .addOption(form('--no-lan', 'do not use the LAN', ['interface', 'loopback', 'ipv4', 'ipv6']))
    .option('--nats <url>', 'use this NATS server, too, as nats://host:4222; may be repeated', collect)
    .option('--page', 'serve the page of the messenger to browsers of this computer, and print its link')
    .option(
      '--port <n>',
      'of the page; with it the link stays the same (default: any that is free)',
      parsePort,
    )
    .option('--popups', 'show messages as they come: on the desktop, else on this terminal')
    .option('--exec <command>', 'run this by /bin/sh for each message, with its text as the input')
    .addOption(receiptsOption(program))
    .option('-j, --json', 'print what it serves as one object')
    .action(async () => {
      // Loaded only now because it brings the redirector, which no other command needs.
      const { serve } = await import('./serve-actions.js');
      await serve(command.optsWithGlobals<ServeOptions>());
    });
  withExamples(command, [
    'mailslot serve',
    'mailslot serve --page --popups',
    `mailslot serve --exec 'espeak --stdin'`,
    'mailslot serve --interface eth0 --ipv4',
    'mailslot serve --nats tls://nats.example.com:4222',
    'MAILSLOT_ROOT=/tmp/try mailslot serve --loopback',
  ]);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new UsageError(`"${text}" is not a port`);
  return port;
}
