import type { Command } from 'commander';
import { MailslotError, openMailslot, type SlotInfo } from 'mailslot';
import { formatDuration, parseDuration } from '../../terminal/duration.js';
import { escapeText, jsonLine } from '../../terminal/escape.js';
import { withExamples } from '../../terminal/examples.js';
import { print } from '../../terminal/output.js';

export interface InfoOptions {
  readonly root?: string;
  /** Milliseconds. */
  readonly wait?: number;
  readonly json?: boolean;
}

export function addInfo(program: Command): void {
  const command = program
    .command('info')
    .summary('show the state of a slot')
    .description('Show the limits of a slot, what waits in its queue, and what became of its messages.')
    .argument('<name>', 'slot to query, as app/events or //./mailslot/app/events')
    .option('--wait <time>', 'longest wait for the slot to appear', parseDuration)
    .option('-j, --json', 'one JSON object')
    .action((name: string) => info(name, command.optsWithGlobals<InfoOptions>()));
  withExamples(command, ['mailslot info app/events', 'mailslot info app/events --json | jq .messageCount']);
}

/** Prints what a slot says of itself. */
export async function info(name: string, options: InfoOptions): Promise<void> {
  refuseElsewhere(name);
  const client = await openMailslot(name, { root: options.root, wait: options.wait });
  try {
    const answer = withoutUs(await client.info());
    await print(options.json ? jsonLine(infoRecord(answer)) : describe(answer));
  } finally {
    await client.close();
  }
}

/** Before anything is sent: what stands elsewhere is told there only. */
function refuseElsewhere(name: string): void {
  const [, host, path] = /^[/\\]{2}([^/\\]+)[/\\]mailslot[/\\](.+)$/i.exec(name) ?? [];
  if (host === undefined || host === '.') return;
  throw new MailslotError(
    'ERR_MAILSLOT_INVALID_NAME',
    'a slot tells how it stands on its own computer only',
    { remedy: `run "mailslot info ${path}" there; "mailslot computers" shows which computers there are` },
  );
}

/** That somebody asks is not what they asked for. */
function withoutUs(answer: SlotInfo): SlotInfo {
  return { ...answer, writers: Math.max(0, answer.writers - 1) };
}

/** A slot's answer as JSON shows it: `null` for a time that never ends and for the size of no message, and where the system cannot tell the owner. */
export function infoRecord(answer: SlotInfo): Record<string, unknown> {
  return {
    ...answer,
    owner: answer.owner ?? null,
    nextMessageSize: answer.nextMessageSize ?? null,
    readTimeout: Number.isFinite(answer.readTimeout) ? answer.readTimeout : null,
    createdAt: new Date(answer.createdAt).toISOString(),
  };
}

function describe(answer: SlotInfo): string {
  const next = answer.nextMessageSize === undefined ? '' : `, the next has ${answer.nextMessageSize} bytes`;
  const rows: readonly (readonly [string, string])[] = [
    ['name', escapeText(answer.name)],
    ['pid', `${answer.pid}`],
    ['access', answer.access],
    ['since', new Date(answer.createdAt).toISOString()],
    ['waiting', `${answer.messageCount} ${answer.messageCount === 1 ? 'message' : 'messages'}${next}`],
    ['queue', `${answer.queueUsed} of ${answer.queueBytes} bytes, when full: ${answer.whenFull}`],
    ['message limit', `${answer.messageLimit} bytes`],
    ['read timeout', formatDuration(answer.readTimeout)],
    ['writers', `${answer.writers}`],
    ['received', `${answer.received}`],
    ['delivered', `${answer.delivered}`],
    ['rejected', `${answer.rejected}`],
    ['dropped', `${answer.dropped}`],
  ];
  return rows.map(([label, value]) => `${`${label}:`.padEnd(15)}${value}\n`).join('');
}
