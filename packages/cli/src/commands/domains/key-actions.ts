import { mailslotRoot } from 'mailslot';
import { domainName, type KeyEntry, type KeyStore, loadConfig, openKeyStore } from 'mailslot/domains';
import { decodeText, utf16Of } from '../../input/text-input.js';
import { strangeOwner } from '../../network/strange-root.js';
import { escapeSentence, escapeText, jsonLine } from '../../terminal/escape.js';
import { UsageError } from '../../terminal/exit.js';
import { print, tell } from '../../terminal/output.js';
import { type ReportOptions, report } from '../../terminal/report.js';
import { formatTable } from '../../terminal/table.js';
import { chosenInterfaces, spokenOn } from './key-interfaces.js';
import { reloadRedirector } from './reload.js';

export interface KeyOptions extends ReportOptions {
  readonly root?: string;
  readonly config?: string;
}

export interface JoinOptions extends KeyOptions {
  readonly interface?: readonly string[];
}

export async function makeKey(domain: string, options: JoinOptions): Promise<void> {
  const store = openKeyStore(options.config);
  const speaking = await speakingOf(store, domainName(domain), options);
  const key = store.create(domain, speaking.interfaces);
  const words = key.inUse
    ? [
        `key ${key.id} of ${key.domain} is made and in use`,
        `next: give the line of "mailslot key share ${key.id}" to "mailslot key install" on the other computers`,
      ]
    : [
        `key ${key.id} of ${key.domain} is made, and not in use yet`,
        `next: give the line of "mailslot key share ${key.id}" to "mailslot key install" on the other computers;`,
        `      when all have it, run "mailslot key use ${key.id}" on each of them and here`,
      ];
  await changed(key, [...words, ...speaking.words], options);
}

export async function installKey(options: JoinOptions): Promise<void> {
  const store = openKeyStore(options.config);
  const line = await readKeyLine();
  const speaking = await speakingOf(store, store.domainOf(line), options);
  const key = store.install(line, speaking.interfaces);
  const words = key.inUse
    ? [`key ${key.id} of ${key.domain} is installed and in use`]
    : [
        `key ${key.id} of ${key.domain} is installed, and not in use yet`,
        `next: when all computers of ${key.domain} have it, run "mailslot key use ${key.id}" on each`,
      ];
  await changed(key, [...words, ...speaking.words], options);
}

interface Speaking {
  readonly interfaces: readonly string[] | undefined;
  /** Where it speaks now, if this changes it. */
  readonly words: readonly string[];
}

/** A domain that is new here begins to speak: on which interfaces is asked, and told. */
async function speakingOf(store: KeyStore, domain: string, options: JoinOptions): Promise<Speaking> {
  const isNew = store.list().every((key) => key.domain !== domain);
  if (!isNew && options.interface === undefined) return { interfaces: undefined, words: [] };
  const interfaces = await chosenInterfaces(domain, options.interface);
  return { interfaces, words: [spokenOn(domain, interfaces, store.path)] };
}

export async function useKey(id: string, options: KeyOptions): Promise<void> {
  const key = openKeyStore(options.config).use(id);
  const words = [
    `key ${key.id} of ${key.domain} is in use`,
    'next: when all computers use it, run "mailslot key remove" with the old one on each',
  ];
  await changed(key, words, options);
}

export async function removeKey(id: string, options: KeyOptions): Promise<void> {
  const store = openKeyStore(options.config);
  const key = store.remove(id);
  const isLast = store.list().every(({ domain }) => domain !== key.domain);
  const end = isLast ? `; this computer is not in ${key.domain} any more` : '';
  await changed({ ...key, inUse: false }, [`key ${key.id} of ${key.domain} is removed${end}`], options, {
    gone: true,
  });
}

export async function listKeys(options: KeyOptions): Promise<void> {
  const store = openKeyStore(options.config);
  const keys = store.list();
  if (options.json) {
    await print(keys.map(jsonLine).join(''));
  } else if (keys.length === 0) {
    const words = `no keys in ${store.path}; make one with "mailslot key new OFFICE", or install another computer's`;
    tell(`${escapeSentence(words)}\n`);
  } else {
    await print(keyTable(keys));
  }
}

export async function shareKey(id: string | undefined, options: KeyOptions): Promise<void> {
  const store = openKeyStore(options.config);
  const wanted = id ?? keyOfPrimaryDomain(options);
  const line = store.share(wanted);
  if (process.stdout.isTTY) {
    tell('whoever has this line is a member of the domain: hand it on as you would a password\n');
  }
  await print(options.json ? jsonLine({ id: wanted, line }) : `${line}\n`);
}

function keyOfPrimaryDomain({ config }: KeyOptions): string {
  const { path, domains } = loadConfig(process.env, { path: config });
  const id = domains[0]?.use;
  if (id === undefined) {
    throw new UsageError(`${path} has no key to share; make one with "mailslot key new OFFICE"`);
  }
  return id;
}

/** Tells the redirector and whoever ran this command. */
async function changed(
  key: KeyEntry,
  words: readonly string[],
  options: KeyOptions,
  more: object = {},
): Promise<void> {
  const owner = strangeOwner(options.root);
  const all = owner === undefined ? words : [...words, notHere(options.root ?? mailslotRoot(), owner)];
  try {
    // First, for whoever reads what we print may be slow, or gone.
    await reloadRedirector(options.root);
  } finally {
    await report({ ...key, ...more }, all.map((line) => `${escapeSentence(line)}\n`).join(''), options);
  }
}

/** It is in this user's configuration, and in that root another one counts. */
function notHere(root: string, owner: number): string {
  return (
    `this does not count in ${root}, where the configuration of uid ${owner} does, who owns it: ` +
    'have it changed there, or set MAILSLOT_ROOT to a folder of yours'
  );
}

function keyTable(keys: readonly KeyEntry[]): string {
  const rows = keys.map(({ id, domain, installed, inUse }) => [
    id,
    escapeText(domain),
    inUse ? 'in use' : 'understood',
    installed,
  ]);
  return formatTable([['ID', 'DOMAIN', 'STATE', 'INSTALLED'], ...rows], ['left', 'left', 'left', 'left']);
}

/** Longer than any key is, in UTF-16 as well. */
const LONGEST_INPUT = 8192;

/** The first line of standard input that is not empty; on a terminal it needs no end of the input. */
async function readKeyLine(): Promise<string> {
  if (process.stdin.isTTY) {
    tell('paste the line that "mailslot key share" prints on the other computer\n');
  }
  let bytes = Buffer.alloc(0);
  // Not destroyed afterwards: a terminal may be asked for more.
  const input = process.stdin.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of input) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length > LONGEST_INPUT) throw new UsageError('the input is too long to be a key');
    // In UTF-16 as well, which a file of Windows may be in.
    if (/\S[^\n]*\n/.test(bytes.toString('latin1').replaceAll('\0', ''))) break;
  }
  const text = decodeText(
    bytes.subarray(0, bytes.length - (utf16Of(bytes) ? bytes.length % 2 : 0)),
    'the input',
  );
  return text.trimStart().split(/\r?\n/)[0] as string;
}
