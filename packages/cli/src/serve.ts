import type { Command } from 'commander';
import { withExamples } from './examples.js';
import type { ServeOptions } from './serve-actions.js';

export function addServe(program: Command): void {
  const form = (flags: string, description: string, others: string[]) =>
    program.createOption(flags, description).conflicts(others);
  const command = program
    .command('serve')
    .summary('run the redirector, which carries messages to and from other computers')
    .description(
      'Runs the redirector of the root until Ctrl-C or SIGTERM. Without it one is started on first need and ends when ' +
        'nobody has needed it for a minute. In no domain it sends nothing and listens to nothing.',
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
    .option('--json', 'print what it serves as one object')
    .action(async () => {
      // Loaded only now because it brings the redirector, which no other command needs.
      const { serve } = await import('./serve-actions.js');
      await serve(command.optsWithGlobals<ServeOptions>());
    });
  withExamples(command, [
    'mailslot serve',
    'mailslot serve --interface eth0 --ipv4',
    'mailslot serve --nats tls://nats.example.com:4222',
    'MAILSLOT_ROOT=/tmp/try mailslot serve --loopback',
  ]);
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
