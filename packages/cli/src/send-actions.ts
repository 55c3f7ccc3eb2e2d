import { EVERYBODY, messengerName, type Receipt, sendNote } from 'mailslot/messenger';
import { readBody } from './body.js';
import { escapeText, jsonLine } from './escape.js';
import { UsageError } from './exit.js';
import { print, tell } from './output.js';
import { primaryDomain } from './primary-domain.js';
import { decodeText } from './text-input.js';

export interface SendOptions {
  readonly root?: string;
  readonly domain?: string;
  readonly level?: 'info' | 'warning' | 'alert';
  /** Seconds. */
  readonly ttl?: number;
  readonly thread?: string;
  /** Milliseconds. */
  readonly waitRead?: number | undefined;
  readonly json?: boolean;
}

/** A message for people has at most 60,000 bytes, which UTF-16 may take twice; longer ones are not even read. */
const INPUT_BYTES_MAX = 128 * 1024;

/** Sends TEXT, or standard input, to a messenger name or `*`. */
export async function send(to: string, words: readonly string[], options: SendOptions): Promise<void> {
  const text = words.length > 0 ? words.join(' ') : await readText();
  const { root, domain, level, ttl, thread, waitRead } = options;
  if (thread !== undefined && !/^[0-9a-f]{16}$/.test(thread)) {
    throw new UsageError(`"${thread}" is not the id of a message; "mailslot inbox" shows them`);
  }
  const wait = waitRead === undefined ? {} : { waitFor: 'read' as const, timeout: waitRead };
  const { id, receipts } = await sendNote(to, text, { root, domain, level, ttl, thread, ...wait });
  const where = domain ?? (await primaryDomain(root));
  const addressee = to === EVERYBODY ? EVERYBODY : messengerName(to);
  await print(
    options.json
      ? jsonLine(record({ id, to: addressee, domain: where, receipts }))
      : sentText(addressee, where, receipts),
  );
}

/** Standard input, without the line end that a command adds. */
async function readText(): Promise<string> {
  if (process.stdin.isTTY) tell('type the message, end with Ctrl-D\n');
  const body = await readBody(process.stdin, INPUT_BYTES_MAX, 'make it shorter, or send it in parts');
  return decodeText(body, 'standard input').replace(/\r?\n$/, '');
}

interface Sent {
  readonly id: string;
  readonly to: string;
  readonly domain: string | undefined;
  readonly receipts: readonly Receipt[];
}

function record({ id, to, domain, receipts }: Sent): Record<string, unknown> {
  const read = receipts.map(({ name, computer, time }) => {
    return { name, computer: computer ?? null, time: new Date(time).toISOString() };
  });
  return { id, to, domain: domain ?? null, read };
}

/** In a domain nobody says whether it arrived, and neither do we. */
function sentText(to: string, domain: string | undefined, receipts: readonly Receipt[]): string {
  const whom = to === EVERYBODY ? 'everybody' : escapeText(to);
  if (receipts.length > 0) {
    const readers = receipts.map(({ name, computer }) =>
      computer === undefined ? name : `${computer}/${name}`,
    );
    return `read by ${escapeText(readers.join(', '))}\n`;
  }
  if (domain === undefined) return `given to ${whom} on this computer, which is in no domain\n`;
  return `sent to ${whom} in ${escapeText(domain)}; whether it arrived is not known\n`;
}
