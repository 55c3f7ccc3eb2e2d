import { addName, listNames, messengerName, type NameEntry, removeName } from 'mailslot/messenger';
import { escapeText, jsonLine } from '../../terminal/escape.js';
import { print } from '../../terminal/output.js';
import { type ReportOptions, report } from '../../terminal/report.js';
import { formatTable } from '../../terminal/table.js';

export interface NamesOptions extends ReportOptions {
  readonly root?: string;
}

/** Prints the names of this user's messenger, and who has them. */
export async function showNames({ root, json }: NamesOptions): Promise<void> {
  const entries = await listNames({ root });
  await print(json ? entries.map(jsonLine).join('') : namesTable(entries));
}

export async function addAlias(name: string, options: NamesOptions): Promise<void> {
  await addName(name, { root: options.root });
  const added = messengerName(name);
  await report({ name: added }, `added ${escapeText(added)}\n`, options);
}

export async function removeAlias(name: string, options: NamesOptions): Promise<void> {
  await removeName(name, { root: options.root });
  const gone = messengerName(name);
  await report({ name: gone, gone: true }, `removed ${escapeText(gone)}\n`, options);
}

const STATES: Readonly<Record<NameEntry['state'], string>> = {
  yours: 'yours',
  taken: 'taken by another program or computer',
  free: 'nobody listens: run "mailslot serve --page"',
};

function stateText({ state, squatter }: NameEntry): string {
  return squatter === undefined
    ? STATES[state]
    : `taken by uid ${squatter}, who is not that user: only root can end its process`;
}

function namesTable(entries: readonly NameEntry[]): string {
  const rows = entries.map((entry) => [escapeText(entry.name), entry.kind, stateText(entry)]);
  return formatTable([['NAME', 'KIND', 'STATE'], ...rows], ['left', 'left', 'left']);
}
