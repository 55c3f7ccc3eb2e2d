import type { NatsSettings } from 'mailslot';
import { storeNats } from 'mailslot/domains';
import { readTextFile } from '../../input/text-input.js';
import { escapeSentence } from '../../terminal/escape.js';
import { UsageError } from '../../terminal/exit.js';
import { type ReportOptions, report } from '../../terminal/report.js';
import { reloadRedirector } from './reload.js';

export interface NatsOptions extends ReportOptions {
  readonly root?: string;
  readonly config?: string;
  readonly domain?: string;
}

export interface UseOptions extends NatsOptions {
  readonly tokenFile?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly nkey?: string;
  readonly credentials?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False: in clear. */
  readonly seal?: boolean;
}

/** Writes into the configuration that a domain goes over these servers. */
export async function useNats(servers: readonly string[], options: UseOptions): Promise<void> {
  const settings = settingsOf(servers, options);
  const domain = storeNats(settings, { path: options.config, domain: options.domain });
  const sealed = settings.seal !== false;
  await changed({ domain, servers, sealed }, options, [
    `${domain} goes over NATS as well${sealed ? '' : ', in clear'}: ${servers.join(' ')}`,
    'next: "mailslot doctor" tells whether a server is reached; do the same on the other computers',
  ]);
}

/** Writes into the configuration that a domain does not go over NATS. */
export async function leaveNats(options: NatsOptions): Promise<void> {
  const domain = storeNats(undefined, { path: options.config, domain: options.domain });
  await changed({ domain, servers: [] }, options, [`${domain} goes over NATS no longer`]);
}

/** What is not given is not in the file. */
function settingsOf(servers: readonly string[], options: UseOptions): NatsSettings {
  const { tokenFile, user, passwordFile, nkey, credentials, ca, cert, key, seal } = options;
  const fields = {
    token: tokenFile && secretIn(tokenFile),
    user,
    password: passwordFile && secretIn(passwordFile),
    nkey,
    credentials,
    ca,
    cert,
    key,
    seal: seal === false ? false : undefined,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { servers, ...Object.fromEntries(given) };
}

/** Longer than any token is. */
const LONGEST_SECRET = 4096;

/** The first line: what an editor has put at its end is no part of it. It may come from a pipe. */
function secretIn(path: string): string {
  const [line = ''] = readTextFile(path).split(/\r?\n/);
  if (line === '' || line.length > LONGEST_SECRET) {
    throw new UsageError(`the first line of ${path} is not what a server would ask for`);
  }
  return line;
}

/** Tells the redirector and whoever ran this command. */
async function changed(
  record: Record<string, unknown>,
  options: NatsOptions,
  words: readonly string[],
): Promise<void> {
  try {
    // First, for whoever reads what we print may be slow, or gone.
    await reloadRedirector(options.root);
  } finally {
    await report(record, words.map((line) => `${escapeSentence(line)}\n`).join(''), options);
  }
}
