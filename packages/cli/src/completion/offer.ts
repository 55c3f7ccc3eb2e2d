import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { callRedirector, listMailslots } from 'mailslot';
import { openKeyStore } from 'mailslot/domains';
import { EVERYBODY, listNames, messengerFolder, type Note, openHistory, partnerOf } from 'mailslot/messenger';
import { escapeText } from '../terminal/escape.js';
import { print } from '../terminal/output.js';
import type { Offered } from './grammar.js';

/** Where the words are looked for, as the command line that is being typed says. */
export interface Where {
  readonly root?: string;
  readonly config?: string;
}

type Source = (where: Where) => Promise<readonly string[]>;

const SOURCES: Readonly<Record<Offered, Source>> = {
  slots,
  keys: async ({ config }) =>
    openKeyStore(config)
      .list()
      .map(({ id }) => id),
  domains: async ({ config }) =>
    openKeyStore(config)
      .list()
      .map(({ domain }) => domain),
  recipients,
  aliases: async ({ root }) => {
    const names = await listNames({ root });
    return names.filter(({ kind }) => kind === 'alias').map(({ name }) => name);
  },
  messages: async () => latest().map(({ id }) => id),
  unread: async () => ['all', ...latest(true).map(({ id }) => id)],
  interfaces: async () => ['lo', ...Object.keys(networkInterfaces())],
};

/**
 * Prints the words that fit in a place of the command line, one a line. What cannot be looked up is not offered; nothing
 * is started for it.
 */
export async function offer(what: Offered, where: Where): Promise<void> {
  const words = await SOURCES[what](where).catch(() => []);
  // A shell would take a dash for an option, and could not show what a terminal obeys.
  const plain = words.filter((word) => word !== '' && !word.startsWith('-') && escapeText(word) === word);
  await print([...new Set(plain)].map((word) => `${word}\n`).join(''));
}

async function slots({ root }: Where): Promise<readonly string[]> {
  const entries = await listMailslots({ root });
  return entries.flatMap(({ name }) => name ?? []);
}

/** How long somebody who has pressed Tab waits for what others have to say. */
const PATIENCE_MS = 300;

/** The slot of a messenger name. */
const NAME_SLOT = /^messngr\/([^/]+)$/i;

/** With whom this user has spoken, who has a name here, and the computers that a redirector knows, if one runs. */
async function recipients(where: Where): Promise<readonly string[]> {
  const names = partners();
  const here = slots(where).then((paths) => {
    for (const path of paths) names.push(...(NAME_SLOT.exec(path)?.slice(1) ?? []));
  });
  const elsewhere = computers(where, (name) => names.push(name));
  await Promise.race([Promise.allSettled([here, elsewhere]), sleep(PATIENCE_MS)]);
  return names.filter((name) => name !== EVERYBODY).map((name) => name.toUpperCase());
}

async function computers({ root }: Where, found: (name: string) => void): Promise<void> {
  for await (const { name } of callRedirector({ do: 'computers' }, { root })) found(`${name}`);
}

function partners(): string[] {
  // The messenger itself speaks as none that could be answered.
  return latest()
    .map(partnerOf)
    .filter((name) => !name.startsWith('/'));
}

/** The latest messages, if there is a history. */
function latest(unreadOnly = false): Note[] {
  if (!existsSync(messengerFolder(process.env))) return [];
  return openHistory().notes({ unreadOnly, limit: 1000 });
}
