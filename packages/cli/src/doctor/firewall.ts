import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { ClosedChain, Packet } from './chains.js';
import { closedTables } from './iptables.js';
import { closedChains } from './nft.js';
import { type PortRange, shownPackets } from './packets.js';

/** A firewall that keeps messages out, and what to tell it. */
export interface ClosedFirewall {
  readonly name: string;
  /** What it throws away; `undefined`: its rules cannot be seen, so it may let everything in. */
  readonly refused: string | undefined;
  /** A command that lets UDP in to those ports. */
  readonly allow: (ports: readonly PortRange[]) => string;
}

const UFW: ClosedFirewall = {
  name: 'ufw',
  refused: undefined,
  allow: (ports) => `sudo ufw allow proto udp to any port ${joined(ports, ':', ',')}`,
};

const FIREWALLD: ClosedFirewall = {
  name: 'firewalld',
  refused: undefined,
  allow: (ports) => {
    const added = ports.map((range) => `--add-port=${joined([range], '-', '')}/udp`);
    return `sudo firewall-cmd --permanent ${added.join(' ')} && sudo firewall-cmd --reload`;
  },
};

/** @param program the one that has these rules: `iptables`, `ip6tables-legacy` */
function iptables(program: string, { table, name, refused }: ClosedChain): ClosedFirewall {
  const option = table === 'filter' ? '' : `-t ${table} `;
  return {
    name: program,
    refused: `${shownPackets(refused)} (chain ${name} of table ${table})`,
    allow: (ports) =>
      `sudo ${program} ${option}-I ${name} -p udp -m multiport --dports ${joined(ports, ':', ',')} -j ACCEPT`,
  };
}

const WINDOWS: ClosedFirewall = {
  name: 'Windows Firewall',
  refused: undefined,
  allow: (ports) =>
    `as administrator: netsh advfirewall firewall add rule name=${WINDOWS_RULE} dir=in action=allow ` +
    `protocol=UDP localport=${joined(ports, '-', ',')}`,
};

const WINDOWS_RULE = 'Mailslot';

function nftables({ family, table, name, refused }: ClosedChain): ClosedFirewall {
  const chain = `${family} ${table} ${name}`;
  return {
    name: 'nftables',
    refused: `${shownPackets(refused)} (chain ${chain})`,
    allow: (ports) => `sudo nft 'insert rule ${chain} udp dport { ${joined(ports, '-', ', ')} } accept'`,
  };
}

export function joined(ports: readonly PortRange[], to: string, between: string): string {
  return ports.map(([first, last]) => (first === last ? first : `${first}${to}${last}`)).join(between);
}

/** What the rules of one program are. */
interface SavedTables {
  /** `iptables`, `ip6tables-legacy`: that which changes them. */
  readonly program: string;
  readonly family: Packet['family'];
  /** What its `-save` prints. */
  readonly text: string;
}

/** What the firewalls of a computer say. */
export interface FirewallTexts {
  /** /etc/ufw/ufw.conf; `undefined`: there is none, or it may not be read. */
  readonly ufw: string | undefined;
  readonly firewalldRuns: boolean;
  /** `nft -j list ruleset`; `undefined`: there is none, or it may not be asked. */
  readonly nft: string | undefined;
  readonly iptables: readonly SavedTables[];
  /** Why not all rules could be read; `undefined`: they could. */
  readonly unread: string | undefined;
  /** Whether Windows' own has our rule; `undefined`: this is not Windows. */
  readonly windowsRule?: boolean | undefined;
}

/**
 * Which of them throw one of these packets away, and those whose rules cannot be seen. A front end is told where it is
 * there, for it makes rules of iptables or nftables, and makes them again.
 */
export function closedFirewalls(texts: FirewallTexts, packets: readonly Packet[]): ClosedFirewall[] {
  const { ufw, firewalldRuns, nft, iptables: saved, unread, windowsRule } = texts;
  if (windowsRule === false) return [WINDOWS];
  const hasUfw = ufw !== undefined && /^ENABLED=yes/im.test(ufw);
  const ofTables = saved.flatMap(({ program, family, text }) =>
    closedTables(text, family, packets).map((chain) => {
      const found = iptables(program, chain);
      return hasUfw && chain.table === 'filter' ? { ...UFW, refused: found.refused } : found;
    }),
  );
  const ofNft = ((nft === undefined ? [] : closedChains(nft, packets)) ?? [])
    .filter(({ family, table }) => !isSaved(saved, family, table))
    .map((chain) => {
      const found = nftables(chain);
      return chain.table === 'firewalld' ? { ...FIREWALLD, refused: found.refused } : found;
    });
  const fronts = [...(hasUfw ? [UFW] : []), ...(firewalldRuns ? [FIREWALLD] : [])];
  const found = [...ofTables, ...ofNft];
  return found.length > 0 || unread === undefined ? found : fronts;
}

/** iptables may keep its rules in nftables, whose programs both then show them. */
function isSaved(saved: readonly SavedTables[], family: string, table: string): boolean {
  return saved.some((each) => each.family === family && each.text.includes(`*${table}\n`));
}

export async function readFirewalls(): Promise<FirewallTexts> {
  const none = { ufw: undefined, firewalldRuns: false, nft: undefined, iptables: [], unread: undefined };
  if (process.platform === 'win32') return { ...none, windowsRule: await hasWindowsRule() };
  if (process.platform !== 'linux')
    return { ...none, unread: 'the rules of this system cannot be read here' };
  const [nft, ...iptables] = await Promise.all([
    outputOf('nft', '-j', 'list', 'ruleset'),
    ...SAVES.map(saved),
  ]);
  const texts = iptables.flat();
  return {
    ufw: readText('/etc/ufw/ufw.conf'),
    firewalldRuns: existsSync('/run/firewalld'),
    nft: nft.text,
    iptables: texts,
    unread: whyUnread([nft, ...texts]),
  };
}

const SAVES: readonly (readonly [program: string, family: Packet['family'], names: string])[] = [
  ['iptables', 'ip', '/proc/net/ip_tables_names'],
  ['ip6tables', 'ip6', '/proc/net/ip6_tables_names'],
];

/** The rules of iptables that are kept in nftables, and those that are not. */
async function saved([program, family, names]: (typeof SAVES)[number]): Promise<(SavedTables & Output)[]> {
  const own = await outputOf(`${program}-save`);
  const isOld = own.text?.includes('(nf_tables)') === false && own.text !== '';
  const old =
    isOld || !readText(names) ? { text: '', failed: undefined } : await outputOf(`${program}-legacy-save`);
  const hasOld = old.failed === undefined || isOld;
  return [
    { program, family, text: own.text ?? '', failed: own.failed === 'missing' ? undefined : own.failed },
    { program: `${program}-legacy`, family, text: old.text ?? '', failed: hasOld ? undefined : 'refused' },
  ];
}

function whyUnread(outputs: readonly Output[]): string | undefined {
  if (outputs.some(({ failed }) => failed === 'refused')) return 'its rules may be read by root alone';
  const [nft, ...others] = outputs;
  const hasAsked = nft?.failed === undefined || others.some(({ text }) => text !== '');
  return hasAsked ? undefined : 'neither nft nor iptables is here to be asked';
}

async function hasWindowsRule(): Promise<boolean> {
  const shown = ['advfirewall', 'firewall', 'show', 'rule', `name=${WINDOWS_RULE}`];
  return (await outputOf('netsh', ...shown)).failed === undefined;
}

const PATIENCE_MS = 3_000;

/** As much as the rules of a large firewall. */
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** They live where the PATH of an ordinary user does not lead. */
const PATH = '/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin';

interface Output {
  readonly text: string | undefined;
  readonly failed: 'missing' | 'refused' | undefined;
}

function outputOf(command: string, ...args: string[]): Promise<Output> {
  return new Promise((resolve) => {
    const env = process.platform === 'win32' ? process.env : { ...process.env, PATH };
    const options = { timeout: PATIENCE_MS, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES, env } as const;
    execFile(command, args, options, (error, stdout) => {
      const failed = error?.code === 'ENOENT' ? 'missing' : 'refused';
      resolve(error === null ? { text: stdout, failed: undefined } : { text: undefined, failed });
    });
  });
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
