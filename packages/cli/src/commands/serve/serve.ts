import type { Command } from 'commander';
import { receiptsOption } from '../../messenger/receipts.js';
import { withExamples } from '../../terminal/examples.js';
import { UsageError } from '../../terminal/exit.js';
import { collect } from '../slots/collect.js';
import type { ServeOptions } from './serve-actions.js';

export function addServe(program: Command): void {
  const form = (flags: string, description: string, others: string[]) =>
    program.createOption(flags, description).conflicts(others);
  const command = program
    .command('serve')
    .summary('run the redirector, which connects this computer to others')
    .description(
      'Run the redirector of the root until Ctrl-C or SIGTERM. Otherwise one starts on demand and ends after a minute ' +
        'without use. Outside a domain, the network stays silent. With --page, --popups or --exec, run a messenger as ' +
        'well, and use the redirector that is already running, if there is one.',
    )
    .option('--config <path>', "configuration file (default: MAILSLOT_CONFIG, else the user's)")
    .option(
      '--computer <name>',
      "name of this computer (default: MAILSLOT_COMPUTER, else the file's, else the host's)",
    )
    .option('--domain <name>', 'primary domain (default: MAILSLOT_DOMAIN, else the first in the file)')
    .addOption(
      form('--interface <name>', 'only interface to use, by name or address; may be repeated', [
        'loopback',
      ]).argParser(collect),
    )
    .addOption(form('--loopback', 'this computer only', ['interface', 'nats']))
    .addOption(form('--ipv4', 'IPv4 only', ['ipv6']))
    .addOption(form('--ipv6', 'IPv6 only', ['ipv4']))
    .addOption(form('--no-lan', 'no use of the LAN', ['interface', 'loopback', 'ipv4', 'ipv6']))
    .option('--nats <url>', 'NATS server to use as well, as nats://host:4222; may be repeated', collect)
    .option('--page', 'page of the messenger for browsers on this computer, with its link printed')
    .option(
      '--port <n>',
      'port of the page, which keeps its link the same (default: any free one)',
      parsePort,
    )
    .option('--popups', 'messages shown as they arrive: on the desktop, else on this terminal')
    .option('--exec <command>', 'command for /bin/sh to run on each message, whose text is its input')
    .addOption(receiptsOption(program))
    .option('-j, --json', 'one JSON object about what is served')
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
