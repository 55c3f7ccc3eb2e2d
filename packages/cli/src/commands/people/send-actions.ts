import { MailslotError } from 'mailslot';
import { EVERYBODY, messengerName, type Receipt, type SentNote, sendNote } from 'mailslot/messenger';
import { decodeText } from '../../input/text-input.js';
import { primaryDomain } from '../../network/primary-domain.js';
import { escapeText } from '../../terminal/escape.js';
import { UsageError } from '../../terminal/exit.js';
import { tell } from '../../terminal/output.js';
import { type ReportOptions, report } from '../../terminal/report.js';
import { readBody } from '../slots/body.js';

export interface SendOptions extends ReportOptions {
  readonly root?: string;
  readonly domain?: string;
  readonly level?: 'info' | 'warning' | 'alert';
  /** Seconds. */
  readonly ttl?: number;
  readonly thread?: string;
  /** Without asking first whether anybody has the name. */
  readonly anyway?: boolean;
  /** Milliseconds. */
  readonly waitRead?: number | undefined;
}

/** A message for people has at most 60,000 bytes, which UTF-16 may take twice; longer ones are not even read. */
const INPUT_BYTES_MAX = 128 * 1024;

/** Sends TEXT, or standard input, to a messenger name or `*`. */
export async function send(to: string, words: readonly string[], options: SendOptions): Promise<void> {
  const text = words.length > 0 ? words.join(' ') : await readText();
  const { root, domain, level, ttl, thread, anyway, waitRead } = options;
  if (thread !== undefined && !/^[0-9a-f]{16}$/.test(thread)) {
    throw new UsageError(`"${thread}" is not the id of a message; "mailslot inbox" shows them`);
  }
  const wait = waitRead === undefined ? {} : { waitFor: 'read' as const, timeout: waitRead };
  const said = { root, domain, level, ttl, thread, anyway };
  const where = domain ?? (await primaryDomain(root));
  const sent = sendNote(to, text, { ...said, ...wait });
  const { id, receipts, reached } = await sent.catch((error: Error) => {
    if (to === EVERYBODY || where === undefined || codeOf(error) !== 'ERR_MAILSLOT_NOT_FOUND') throw error;
    throw new MailslotError('ERR_MAILSLOT_NOT_FOUND', `not sent: ${error.message}`, {
      cause: error,
      remedy: 'to send it all the same, use --anyway',
    });
  });
  const addressee = to === EVERYBODY ? EVERYBODY : messengerName(to);
  const all = { id, to: addressee, domain: where, reached, receipts };
  await report(record(all), sentText(all), options);
}

/** Standard input, without the line end that a command adds. */
async function readText(): Promise<string> {
  if (process.stdin.isTTY) tell('type the message, end with Ctrl-D\n');
  const body = await readBody(process.stdin, INPUT_BYTES_MAX, 'make it shorter, or send it in parts');
  return decodeText(body, 'standard input').replace(/\r?\n$/, '');
}

function codeOf(error: Error): string | undefined {
  return error instanceof MailslotError ? error.code : undefined;
}

interface Sent {
  readonly id: string;
  readonly to: string;
  readonly domain: string | undefined;
  readonly reached: SentNote['reached'];
  readonly receipts: readonly Receipt[];
}

function record({ id, to, domain, reached, receipts }: Sent): Record<string, unknown> {
  const read = receipts.map(({ name, computer, time }) => {
    return { name, computer: computer ?? null, time: new Date(time).toISOString() };
  });
  return { id, to, domain: domain ?? null, reached, read };
}

/** In a domain nobody says whether it arrived, and neither do we. */
function sentText({ to, domain, reached, receipts }: Sent): string {
  const whom = to === EVERYBODY ? 'everybody' : escapeText(to);
  if (receipts.length > 0) {
    const readers = receipts.map(({ name, computer }) =>
      computer === undefined ? name : `${computer}/${name}`,
    );
    return `read by ${escapeText(readers.join(', '))}\n`;
  }
  // Whether it is in one is not ours to say where another user's redirector has to reach it.
  if (domain === undefined)
    return `given to ${whom} on this computer alone: it reaches no domain ("mailslot doctor" shows why)\n`;
  if (reached === 'here') {
    const why = `nothing leads to the others of ${escapeText(domain)} now ("mailslot doctor" shows why)`;
    return `given to ${whom} on this computer alone: ${why}\n`;
  }
  return `sent to ${whom} in ${escapeText(domain)}; whether it arrived is not known\n`;
}
