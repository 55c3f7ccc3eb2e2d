import { type Interfaces, kindOfInterface } from '../network/interfaces.js';
import { type AddressRange, addressRange, type Packet } from './chains.js';

/** UDP ports, from one to another. */
export type PortRange = readonly [first: number, last: number];

/** The UDP ports by which messages of other computers come. */
export interface UsedPorts {
  /** Of what is for all. */
  readonly groups: readonly number[];
  /** Of what is for this computer alone. */
  readonly own: readonly PortRange[];
}

const GROUPS = { ip: '239.255.77.83', ip6: 'ff02::4d53' } as const;

/** Of a range that is larger than what one redirector may take, each cannot be tried. */
const TRIED = 16;

/**
 * What other computers may send to this one: to each port, by each address of each card.
 *
 * @param chosen names or addresses; `undefined`: all that may lead to other computers
 */
export function packetsOf(
  interfaces: Interfaces,
  chosen: readonly string[] | undefined,
  { groups, own }: UsedPorts,
): Packet[] {
  const ports = own.filter(([first, last]) => last - first < TRIED).flatMap(portsOf);
  return Object.entries(interfaces).flatMap(([device, infos = []]) => {
    const used = infos.filter(({ address }) => isUsed(device, address, chosen));
    return used.flatMap(({ address, family: version, cidr }): Packet[] => {
      const family = version === 'IPv4' ? 'ip' : 'ip6';
      const from = addressRange(cidr ?? address, family);
      const to = addressRange(address, family);
      if (from === undefined || to === undefined) return [];
      const group = addressRange(GROUPS[family], family) as AddressRange;
      return [
        ...groups.map((port) => ({ family, device, port, isMulticast: true, to: group, from }) as const),
        ...ports.map((port) => ({ family, device, port, isMulticast: false, to, from }) as const),
      ];
    });
  });
}

/** Containers and virtual machines of this computer are no other computers, unless somebody says so. */
function isUsed(device: string, address: string, chosen: readonly string[] | undefined): boolean {
  if (chosen !== undefined) return chosen.includes(device) || chosen.includes(address);
  return ['lan', 'vpn'].includes(kindOfInterface(device));
}

function portsOf([first, last]: PortRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** `UDP port 48783, 48800-48815 by IPv4 on eth0`. */
export function shownPackets(packets: readonly Packet[]): string {
  const ports = [...new Set(packets.map(({ port }) => port))].sort((one, other) => one - other);
  const ranges: [number, number][] = [];
  for (const port of ports) {
    const last = ranges.at(-1);
    if (last?.[1] === port - 1) last[1] = port;
    else ranges.push([port, port]);
  }
  const shown = ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(', ');
  const families = [...new Set(packets.map(({ family }) => (family === 'ip' ? 'IPv4' : 'IPv6')))];
  const devices = [...new Set(packets.map(({ device }) => device))];
  return `UDP port ${shown} by ${families.join(' and ')} on ${devices.join(', ')}`;
}
