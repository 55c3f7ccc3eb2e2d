import type { Command } from 'commander';
import { withExamples } from '../../terminal/examples.js';
import { UsageError } from '../../terminal/exit.js';
import type { ReportOptions } from '../../terminal/report.js';

/** NET SEND and NET NAME, as people have typed them since the 1990s. */
export function addNet(program: Command): void {
  const net = program
    .command('net')
    .summary('use the old spelling of NET SEND and NET NAME')
    .description('Use the old spelling of NET SEND and NET NAME; "send" and "names" do more.')
    .helpCommand(false);
  const send = net
    .command('send')
    .summary('send a message')
    .description('Send a message.')
    .argument('<to>', 'messenger name, "*" or /domain for everyone, /domain:NAME for another domain')
    .argument('<text...>', 'message')
    .option('-j, --json', 'one JSON object about what was sent')
    .action(async (to: string, text: string[]) => {
      const { send: sendNow } = await import('./send-actions.js');
      const options = send.optsWithGlobals<NetOptions>();
      await sendNow(addresseeOf(to), text, { ...options, ...domainOf(to) });
    });
  withExamples(send, ['mailslot net send anna lunch', 'mailslot net send /domain:LAB lunch']);
  const name = net
    .command('name')
    .summary('list the messenger names, add one, or delete one')
    .description('List the messenger names, add one, or delete one.')
    .argument('[alias]', 'name to add or delete')
    .argument('[how]', '/add (default) or /delete')
    .option('-j, --json', 'one JSON object per line')
    .action(async (alias: string | undefined, how: string | undefined) => {
      await changeNames(alias, how, name.optsWithGlobals<NetOptions>());
    });
  withExamples(name, [
    'mailslot net name',
    'mailslot net name night-shift',
    'mailslot net name night-shift /delete',
  ]);
  withExamples(net, ['mailslot net send anna lunch', 'mailslot net send "*" lunch', 'mailslot net name']);
}

type NetOptions = ReportOptions & { readonly root?: string };

const DOMAIN = /^\/domain(?::(.+))?$/i;

function addresseeOf(to: string): string {
  if (DOMAIN.test(to)) return '*';
  if (to.startsWith('/')) throw new UsageError(`"${to}" is neither /domain nor /domain:NAME`);
  return to;
}

function domainOf(to: string): { domain?: string } {
  const [, domain] = DOMAIN.exec(to) ?? [];
  return domain === undefined ? {} : { domain };
}

async function changeNames(
  alias: string | undefined,
  how: string | undefined,
  options: NetOptions,
): Promise<void> {
  const { addAlias, removeAlias, showNames } = await import('./names-actions.js');
  if (alias === undefined) return showNames(options);
  switch (how?.toLowerCase()) {
    case undefined:
    case '/add':
      return addAlias(alias, options);
    case '/delete':
      return removeAlias(alias, options);
    default:
      throw new UsageError(`"${how}" is neither /add nor /delete`);
  }
}
