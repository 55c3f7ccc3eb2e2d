import { BlockList } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { MAX_INTERFACES } from '../limits.js';

export type Family = 'IPv4' | 'IPv6';

/** An interface in one family: what a socket is bound to. */
export interface Way {
  /** As `eth0`. */
  readonly interface: string;
  readonly family: Family;
  readonly address: string;
  /** What follows `%` in addresses of this link; empty for IPv4. */
  readonly zone: string;
  /** Address and length of its subnet's prefix. */
  readonly cidr: string;
  readonly isLoopback: boolean;
}

/** Which interfaces to use. */
export interface InterfaceChoice {
  /** Names or addresses, `lo` for loopback whatever its name; undefined: all but loopback. */
  readonly interfaces: readonly string[] | undefined;
  readonly family: 'any' | Family;
}

/** What `os.networkInterfaces()` returns: interfaces that are up, and their addresses. */
export type SystemInterfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * The ways to use: of each interface that was chosen one address of each family, the one that was named, else a
 * link-local one for IPv6, else the first. Loopback has IPv4 only, unless IPv6 was asked for: Linux does not route
 * multicast there.
 */
export function waysOf(system: SystemInterfaces, choice: InterfaceChoice): Way[] {
  const chosen = Object.entries(system)
    .map(([name, infos = []]) => [name, infos.filter((info) => isChosen(name, info, choice))] as const)
    .filter(([, infos]) => infos.length > 0)
    .slice(0, MAX_INTERFACES);
  return chosen.flatMap(([name, infos]) =>
    (['IPv4', 'IPv6'] as const).flatMap((family) => {
      const ofFamily = infos.filter((info) => info.family === family);
      const info = ofFamily.find(({ address }) => address.startsWith('fe80:')) ?? ofFamily[0];
      return info === undefined ? [] : [wayOf(name, info)];
    }),
  );
}

/** Names and addresses that were chosen and are not there. */
export function missingOf(system: SystemInterfaces, { interfaces = [], family }: InterfaceChoice): string[] {
  return interfaces.filter((each) => {
    return waysOf(system, { interfaces: [each], family }).length === 0;
  });
}

/** Whether an address may be reached by one of these ways directly: in the same subnet, or with the same zone. */
export class Neighbourhood {
  private readonly zones = new Set<string>();
  private readonly subnets = new BlockList();
  /** Most packets come from where the last one came from, and a look costs as much as opening a short one. */
  private last = { address: '', isNear: false };

  constructor(ways: readonly Way[]) {
    for (const { zone, cidr, family } of ways) {
      if (zone !== '') this.zones.add(zone);
      const [address = '', prefix] = cidr.split('/');
      this.subnets.addSubnet(address, Number(prefix), family === 'IPv4' ? 'ipv4' : 'ipv6');
    }
  }

  has(address: string, family: Family): boolean {
    if (this.last.address !== address) this.last = { address, isNear: this.isNear(address, family) };
    return this.last.isNear;
  }

  private isNear(address: string, family: Family): boolean {
    const [bare = '', zone] = address.split('%');
    if (zone !== undefined) return this.zones.has(zone);
    return this.subnets.check(bare, family === 'IPv4' ? 'ipv4' : 'ipv6');
  }
}

function isChosen(
  name: string,
  info: NetworkInterfaceInfo,
  { interfaces, family }: InterfaceChoice,
): boolean {
  if (family !== 'any' && family !== info.family) return false;
  if (info.internal && info.family === 'IPv6' && family === 'any') return false;
  if (interfaces === undefined) return !info.internal;
  return interfaces.some((each) => {
    return each === name || each.split('%')[0] === info.address || (each === 'lo' && info.internal);
  });
}

function wayOf(name: string, info: NetworkInterfaceInfo): Way {
  const { address, family, internal } = info;
  const zone = info.family === 'IPv4' ? '' : process.platform === 'win32' ? String(info.scopeid) : name;
  const whole = family === 'IPv4' ? 32 : 128;
  return {
    interface: name,
    family,
    address,
    zone,
    cidr: info.cidr ?? `${address}/${whole}`,
    isLoopback: internal,
  };
}
