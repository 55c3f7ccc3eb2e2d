import { setTimeout as sleep } from 'node:timers/promises';
import { type ComputerEntry, type ComputerEvent, listComputers, watchComputers } from 'mailslot';
import { canDraw } from '../../terminal/can-draw.js';
import { formatAge } from '../../terminal/duration.js';
import { escapeText, jsonLine } from '../../terminal/escape.js';
import { print } from '../../terminal/output.js';
import { formatTable } from '../../terminal/table.js';
import { inPlace } from '../../terminal/watch.js';

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
  // Asked first, so that nothing that happens in between is missed; what the list shows already is not told again.
  const ending = new AbortController();
  const changes = options.watch ? source.watch({ root, signal: ending.signal }) : undefined;
  const first = changes?.next();
  // Told when it is its turn, or not at all where the list could not be had.
  first?.catch(() => {});
  const entries = await source.list({ root }).catch((error: unknown) => {
    ending.abort();
    throw error;
  });
  if (json) await print(entries.map((entry) => jsonLine(computerRecord(entry))).join(''));
  else await print(computerTable(entries, Date.now()));
  if (changes === undefined || first === undefined) return;
  const isNews = newsSince(entries);
  for (let { done, value } = await first; !done; { done, value } = await changes.next()) {
    const event = value as ComputerEvent;
    if (isNews(event)) await print(json ? jsonLine(changeRecord(event)) : changeLine(event));
  }
}

/** Whether an event says something else of a computer than what was said last. */
function newsSince(entries: readonly ComputerEntry[]): (event: ComputerEvent) => boolean {
  const placeOf = ({ domain, name }: ComputerEntry): string => `${domain}/${name}`.toUpperCase();
  const toldOf = ({ state, conflict }: ComputerEntry): string => JSON.stringify([state, conflict?.length]);
  const told = new Map(entries.map((entry) => [placeOf(entry), toldOf(entry)]));
  return ({ computer }) => {
    const place = placeOf(computer);
    const isNews = told.get(place) !== toldOf(computer);
    if (computer.state === 'gone') told.delete(place);
    else told.set(place, toldOf(computer));
    return isNews;
  };
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
export function changeRecord({ change, computer }: ComputerEvent): Record<string, unknown> {
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

function changeLine({ change, computer }: ComputerEvent): string {
  const { name, domain, addresses, transports } = computer;
  const where = addresses.length > 0 ? `, ${addresses.join(' ')}` : '';
  const line = `${new Date().toISOString()} ${name} (${domain}, ${transports.join(' ')}${where}) ${WORDS[change]}`;
  return `${escapeText(line)}\n${change === 'conflict' ? conflictLine(computer) : ''}`;
}

const WORDS: Readonly<Record<ComputerEvent['change'], string>> = {
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

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
