import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserEvent, type ComputerEntry, listComputers, watchComputers } from 'mailslot';
import { canDraw } from './can-draw.js';
import { escapeText, jsonLine } from './escape.js';
import { print } from './output.js';
import { formatTable } from './table.js';
import { inPlace } from './watch.js';

export interface ComputersOptions {
  readonly root?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** Where computers are asked for; a test hands in another. */
export interface Source {
  readonly list: typeof listComputers;
  readonly watch: typeof watchComputers;
}

const redirector: Source = { list: listComputers, watch: watchComputers };

/** Prints the computers that are known, once or again and again. */
export async function computers(options: ComputersOptions, source: Source = redirector): Promise<void> {
  const { root, json } = options;
  if (options.watch && canDraw(process.stdout) && !json) return redraw(options, source);
  // Asked first, so that nothing that happens in between is missed: it may then be told twice.
  const changes = options.watch ? source.watch({ root }) : undefined;
  const first = changes?.next();
  const entries = await source.list({ root });
  if (json) await print(entries.map((entry) => jsonLine(computerRecord(entry))).join(''));
  else await print(computerTable(entries, Date.now()));
  if (changes === undefined || first === undefined) return;
  for (let { done, value } = await first; !done; { done, value } = await changes.next()) {
    await print(json ? jsonLine(changeRecord(value as BrowserEvent)) : changeLine(value as BrowserEvent));
  }
}

const REDRAW_MS = 1000;

async function redraw({ root }: ComputersOptions, source: Source): Promise<never> {
  const draw = inPlace(process.stdout);
  for (;;) {
    await print(draw(computerTable(await source.list({ root }), Date.now())));
    await sleep(REDRAW_MS);
  }
}

/** What `--json` shows of a computer. */
export function computerRecord(entry: ComputerEntry): Record<string, unknown> {
  const { since, lastSeen, conflict, ...rest } = entry;
  return {
    ...rest,
    since: isoTime(since),
    lastSeen: isoTime(lastSeen),
    conflict: conflict?.map((each) => ({ ...each, since: isoTime(each.since) })) ?? null,
  };
}

/** As {@link computerRecord}, with what happened: `"change":"appeared"`. */
export function changeRecord({ change, computer }: BrowserEvent): Record<string, unknown> {
  return { change, ...computerRecord(computer) };
}

/** Names and services are others' text. Below the table stands who has to share a name. */
export function computerTable(entries: readonly ComputerEntry[], now: number): string {
  const header = ['NAME', 'DOMAIN', 'STATE', 'BY', 'ADDRESS', 'SINCE', 'SEEN', 'OFFERS'];
  const rows = entries.map((entry) => [
    escapeText(entry.name),
    escapeText(entry.domain),
    entry.state,
    entry.transports.map(escapeText).join(' '),
    entry.addresses.map(escapeText).join(' ') || '-',
    formatAge(now - entry.since),
    formatAge(now - entry.lastSeen),
    entry.offers.map(escapeText).join(' ') || '-',
  ]);
  const alignments = header.map((name) => (name === 'SINCE' || name === 'SEEN' ? 'right' : 'left'));
  return formatTable([header, ...rows], alignments) + entries.map(conflictLine).join('');
}

function changeLine({ change, computer }: BrowserEvent): string {
  const { name, domain, addresses, transports } = computer;
  const where = addresses.length > 0 ? `, ${addresses.join(' ')}` : '';
  const line = `${new Date().toISOString()} ${name} (${domain}, ${transports.join(' ')}${where}) ${WORDS[change]}`;
  return `${escapeText(line)}\n${change === 'conflict' ? conflictLine(computer) : ''}`;
}

const WORDS: Readonly<Record<BrowserEvent['change'], string>> = {
  appeared: 'is there',
  silent: 'has fallen silent',
  returned: 'is back',
  gone: 'is gone',
  conflict: 'has a name that another machine uses too',
};

function conflictLine({ name, domain, conflict }: ComputerEntry): string {
  if (conflict === undefined) return '';
  const addresses = conflict.map(({ address }) => address || 'this computer').join(', ');
  const text = `several machines of ${domain} use the name ${name}: ${addresses}; give all but one another (MAILSLOT_COMPUTER)`;
  return `${escapeText(text)}\n`;
}

/** How long ago, in the largest unit: `3s`, `12m`, `5h`, `8d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 2 * 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
