import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type ClosedChain, closedChains } from './doctor-nft.js';

/** The UDP ports by which messages of other computers come, from one to another. */
export type PortRange = readonly [first: number, last: number];

/** A firewall that keeps messages out, and what to tell it. */
export interface ClosedFirewall {
  readonly name: string;
  /** A command that lets UDP in to those ports. */
  readonly allow: (ports: readonly PortRange[]) => string;
}

const UFW: ClosedFirewall = {
  name: 'ufw',
  allow: (ports) => `sudo ufw allow proto udp to any port ${joined(ports, ':', ',')}`,
};

const FIREWALLD: ClosedFirewall = {
  name: 'firewalld',
  allow: (ports) => {
    const added = ports.map((range) => `--add-port=${joined([range], '-', '')}/udp`);
    return `sudo firewall-cmd --permanent ${added.join(' ')} && sudo firewall-cmd --reload`;
  },
};

const IPTABLES: ClosedFirewall = {
  name: 'iptables',
  allow: (ports) => {
    const rule = `INPUT -p udp -m multiport --dports ${joined(ports, ':', ',')} -j ACCEPT`;
    return `sudo iptables -I ${rule} && sudo ip6tables -I ${rule}`;
  },
};

const WINDOWS: ClosedFirewall = {
  name: 'Windows Firewall',
  allow: (ports) =>
    `as administrator: netsh advfirewall firewall add rule name=${WINDOWS_RULE} dir=in action=allow ` +
    `protocol=UDP localport=${joined(ports, '-', ',')}`,
};

const WINDOWS_RULE = 'Mailslot';

function nftables(chains: readonly ClosedChain[]): ClosedFirewall {
  return {
    name: 'nftables',
    allow: (ports) =>
      chains
        .map(({ family, table, name }) => {
          const rule = `insert rule ${family} ${table} ${name} udp dport { ${joined(ports, '-', ', ')} } accept`;
          return `sudo nft '${rule}'`;
        })
        .join(' && '),
  };
}

/** Where nft does not tell its rules in a way to be read. */
const SOME_NFTABLES: ClosedFirewall = {
  name: 'nftables',
  allow: (ports) =>
    `let UDP to the ports ${joined(ports, '-', ', ')} into the chain that "sudo nft list chains" shows with "hook input … policy drop"`,
};

function joined(ports: readonly PortRange[], to: string, between: string): string {
  return ports.map(([first, last]) => (first === last ? first : `${first}${to}${last}`)).join(between);
}

/** What the firewalls of a computer say, each `undefined` where there is none or it may not be asked. */
export interface FirewallTexts {
  /** /etc/ufw/ufw.conf */
  readonly ufw: string | undefined;
  readonly firewalldRuns: boolean;
  /** `nft list chains` */
  readonly nft: string | undefined;
  /** `nft -j list ruleset` */
  readonly nftRules?: string | undefined;
  /** `iptables -S INPUT` */
  readonly iptables: string | undefined;
  /** Whether Windows' own has our rule; `undefined`: this is not Windows. */
  readonly windowsRule?: boolean | undefined;
}

/**
 * The front ends first, each of which makes rules of nftables or iptables: only what is to be told is listed.
 *
 * @param ports by which messages come
 */
export function closedFirewalls(
  { ufw, firewalldRuns, nft, nftRules, iptables, windowsRule }: FirewallTexts,
  ports: readonly PortRange[],
): ClosedFirewall[] {
  if (windowsRule === false) return [WINDOWS];
  const fronts = [
    ...(ufw !== undefined && /^ENABLED=yes/im.test(ufw) ? [UFW] : []),
    ...(firewalldRuns ? [FIREWALLD] : []),
  ];
  if (fronts.length > 0) return fronts;
  // iptables may be a front end of nftables, whose rules both then show.
  if (iptables !== undefined && isClosed(iptables)) return [IPTABLES];
  const found = nftRules === undefined ? [] : ports.map(([first]) => closedChains(nftRules, first));
  if (found.length > 0 && !found.includes(undefined)) {
    const chains = new Map(found.flatMap((list) => list ?? []).map((each) => [JSON.stringify(each), each]));
    return chains.size > 0 ? [nftables([...chains.values()])] : [];
  }
  return nft !== undefined && /hook input [^;]*; policy drop/.test(nft) ? [SOME_NFTABLES] : [];
}

/** Whether the rules of INPUT end with a refusal, or have one of all UDP before any that lets UDP in. */
function isClosed(rules: string): boolean {
  for (const rule of rules.split('\n')) {
    if (!/^-A INPUT (-p udp |-j )/.test(rule) || /--state|--ctstate|-s |-i lo/.test(rule)) continue;
    if (/ -j ACCEPT/.test(rule)) return false;
    if (/^-A INPUT (-p udp (-m udp )?)?-j (DROP|REJECT)/.test(rule)) return true;
  }
  return /^-P INPUT (DROP|REJECT)/m.test(rules);
}

export async function readFirewalls(): Promise<FirewallTexts> {
  if (process.platform === 'win32') return { ...NONE, windowsRule: await hasWindowsRule() };
  const [nft, nftRules, iptables] = await Promise.all([
    outputOf('nft', 'list', 'chains'),
    outputOf('nft', '-j', 'list', 'ruleset'),
    outputOf('iptables', '-S', 'INPUT'),
  ]);
  return {
    ufw: readText('/etc/ufw/ufw.conf'),
    firewalldRuns: existsSync('/run/firewalld'),
    nft,
    nftRules,
    iptables,
  };
}

const NONE: FirewallTexts = { ufw: undefined, firewalldRuns: false, nft: undefined, iptables: undefined };

async function hasWindowsRule(): Promise<boolean> {
  const shown = ['advfirewall', 'firewall', 'show', 'rule', `name=${WINDOWS_RULE}`];
  return (await outputOf('netsh', ...shown)) !== undefined;
}

const PATIENCE_MS = 3_000;

/** They live where the PATH of an ordinary user does not lead. */
const PATH = '/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin';

function outputOf(command: string, ...args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = process.platform === 'win32' ? process.env : { ...process.env, PATH };
    const options = { timeout: PATIENCE_MS, env };
    execFile(command, args, options, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
