import { BlockList } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { MAX_INTERFACES, MAX_WAYS_OF_INTERFACE } from '../limits.js';
import { byLikelihood, mtuOf } from './system-interfaces.js';

/** Of IP and UDP. */
const V4_HEADERS = 20 + 8;
const V6_HEADERS = 40 + 8;

export type Family = 'IPv4' | 'IPv6';

/** An interface in one family: what a socket is bound to. */
export interface InterfaceAddress {
  /** As `eth0`. */
  readonly interface: string;
  readonly family: Family;
  readonly address: string;
  /** What follows `%` in addresses of this link; empty for IPv4. */
  readonly zone: string;
  /** Address and length of its subnet's prefix. */
  readonly cidr: string;
  readonly isLoopback: boolean;
  /** Whether it is the one of its interface and family that the group is reached by. */
  readonly isMain: boolean;
  /** The longest packet that its interface carries whole, as far as the system tells. */
  readonly packetBytes: number;
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
 * The ways to use: of each interface that was chosen all its IPv4 addresses, up to {@link MAX_WAYS_OF_INTERFACE}, since
 * others may have only one of their subnets; of IPv6 the one that was named, else a link-local one, else the first. The
 * main one is the first that is no makeshift (169.254). Loopback has IPv4 only, unless IPv6 was asked for: Linux does not
 * route multicast there.
 */
export function interfaceAddresses(system: SystemInterfaces, choice: InterfaceChoice): InterfaceAddress[] {
  return choose(system, choice)
    .slice(0, MAX_INTERFACES)
    .flatMap(([name, infos]) => {
      const v4 = infos.filter(({ family }) => family === 'IPv4').sort(lastMakeshift);
      const v6 = infos.filter(({ family }) => family === 'IPv6').sort(firstLinkLocal);
      return [...v4.slice(0, MAX_WAYS_OF_INTERFACE), ...v6.slice(0, 1)].map((info) =>
        interfaceAddress(name, info, info === v4[0] || info === v6[0]),
      );
    });
}

/** Names of interfaces that would be used if there were fewer. */
export function leftOutOf(system: SystemInterfaces, choice: InterfaceChoice): string[] {
  return choose(system, choice)
    .slice(MAX_INTERFACES)
    .map(([name]) => name);
}

/** Names and addresses that were chosen and are not there. */
export function missingOf(system: SystemInterfaces, { interfaces = [], family }: InterfaceChoice): string[] {
  return interfaces.filter((each) => {
    return interfaceAddresses(system, { interfaces: [each], family }).length === 0;
  });
}

/** Whether an address may be reached by one of these ways directly: in the same subnet, or with the same zone. */
export class Neighbourhood {
  private readonly zones = new Set<string>();
  private readonly subnets = new BlockList();
  /** Most packets come from where the last one came from, and a look costs as much as opening a short one. */
  private last = { address: '', isNear: false };

  constructor(ways: readonly InterfaceAddress[]) {
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

/** The interfaces that were chosen, those first that are most likely to lead to other computers. */
function choose(system: SystemInterfaces, choice: InterfaceChoice): [string, NetworkInterfaceInfo[]][] {
  const all = new Map(
    Object.entries(system)
      .map(([name, infos = []]) => [name, infos.filter((info) => isChosen(name, info, choice))] as const)
      .filter(([, infos]) => infos.length > 0),
  );
  const names = all.size > MAX_INTERFACES ? byLikelihood([...all.keys()]) : [...all.keys()];
  return names.map((name) => [name, all.get(name) ?? []]);
}

function lastMakeshift(one: NetworkInterfaceInfo, other: NetworkInterfaceInfo): number {
  return Number(one.address.startsWith('169.254.')) - Number(other.address.startsWith('169.254.'));
}

function firstLinkLocal(one: NetworkInterfaceInfo, other: NetworkInterfaceInfo): number {
  return Number(other.address.startsWith('fe80:')) - Number(one.address.startsWith('fe80:'));
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

function interfaceAddress(name: string, info: NetworkInterfaceInfo, isMain: boolean): InterfaceAddress {
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
    isMain,
    packetBytes: mtuOf(name) - (family === 'IPv4' ? V4_HEADERS : V6_HEADERS),
  };
}
