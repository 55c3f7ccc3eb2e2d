import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A firewall that lets nothing in that is not asked for, and what to tell it. */
export interface ClosedFirewall {
  readonly name: string;
  /** A command that lets UDP in from a network, as `10.99.0.0/24`. */
  readonly allow: (network: string) => string;
}

const UFW: ClosedFirewall = {
  name: 'ufw',
  allow: (network) => `sudo ufw allow in proto udp from ${network}`,
};

const FIREWALLD: ClosedFirewall = {
  name: 'firewalld',
  allow: (network) =>
    `sudo firewall-cmd --add-rich-rule='rule source address="${network}" protocol value="udp" accept'`,
};

const NFTABLES: ClosedFirewall = {
  name: 'nftables',
  allow: (network) =>
    `let UDP from ${network} into the chain that "sudo nft list chains" shows with "hook input … policy drop"`,
};

const IPTABLES: ClosedFirewall = {
  name: 'iptables',
  allow: (network) => `sudo iptables -I INPUT -p udp -s ${network} -j ACCEPT`,
};

/** What the firewalls of a computer say, each `undefined` where there is none or it may not be asked. */
export interface FirewallTexts {
  /** /etc/ufw/ufw.conf */
  readonly ufw: string | undefined;
  readonly firewalldRuns: boolean;
  /** `nft list chains` */
  readonly nft: string | undefined;
  /** `iptables -S INPUT` */
  readonly iptables: string | undefined;
}

/** The front ends first, each of which makes rules of nftables or iptables: only what is to be told is listed. */
export function closedFirewalls({ ufw, firewalldRuns, nft, iptables }: FirewallTexts): ClosedFirewall[] {
  const fronts = [
    ...(ufw !== undefined && /^ENABLED=yes/im.test(ufw) ? [UFW] : []),
    ...(firewalldRuns ? [FIREWALLD] : []),
  ];
  if (fronts.length > 0) return fronts;
  // iptables may be a front end of nftables, whose rules both then show.
  if (iptables !== undefined && /^-P INPUT (DROP|REJECT)/m.test(iptables)) return [IPTABLES];
  return nft !== undefined && /hook input [^;]*; policy drop/.test(nft) ? [NFTABLES] : [];
}

export async function readFirewalls(): Promise<FirewallTexts> {
  const [nft, iptables] = await Promise.all([
    outputOf('nft', 'list', 'chains'),
    outputOf('iptables', '-S', 'INPUT'),
  ]);
  return {
    ufw: readText('/etc/ufw/ufw.conf'),
    firewalldRuns: existsSync('/run/firewalld'),
    nft,
    iptables,
  };
}

const PATIENCE_MS = 3_000;

/** They live where the PATH of an ordinary user does not lead. */
const PATH = '/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin';

function outputOf(command: string, ...args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: PATIENCE_MS, env: { ...process.env, PATH } };
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
