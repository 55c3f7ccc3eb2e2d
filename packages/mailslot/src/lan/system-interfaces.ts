import { existsSync, readFileSync } from 'node:fs';

/*
 * What the system tells of an interface beyond its addresses. Linux only: others are asked nothing, and their interfaces
 * are all alike.
 */

/** What Ethernet carries, where the system does not tell. */
const USUAL_MTU = 1_500;

/** The longest IP packet that an interface takes whole. */
export function mtuOf(name: string): number {
  const mtu = Number(read(`/sys/class/net/${name}/mtu`));
  // IPv4 promises no less.
  return Number.isInteger(mtu) && mtu >= 68 ? mtu : USUAL_MTU;
}

/**
 * Names of interfaces, those first that are most likely to lead to other computers: with a default route, a real card,
 * any other, one of this host's own.
 */
export function byLikelihood(names: readonly string[]): string[] {
  const leading = defaultRoutes();
  const ranks = new Map(names.map((name) => [name, rankOf(name, leading)]));
  return names.toSorted((one, other) => (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0));
}

function rankOf(name: string, leading: readonly string[]): number {
  if (leading.includes(name)) return 0;
  if (existsSync(`/sys/class/net/${name}/device`)) return 1;
  return OF_THIS_HOST.test(name) ? 3 : 2;
}

/** The usual names of interfaces to containers and virtual machines of this host. */
const OF_THIS_HOST =
  /^(docker|br-|veth|podman|cni|flannel|cali|lxc|lxdbr|incusbr|nerdctl|virbr|vnet|vboxnet|vmnet|vEthernet|tap|dummy|ifb)/;

/** Names of the interfaces that lead to everywhere, of both families. */
function defaultRoutes(): string[] {
  const v4 = rows('/proc/net/route').filter(
    ([, to, , , , , , mask]) => to === '00000000' && mask === '00000000',
  );
  const v6 = rows('/proc/net/ipv6_route').filter(([, prefix]) => prefix === '00');
  return [...v4.map(([name]) => name ?? ''), ...v6.map((fields) => fields.at(-1) ?? '')].filter(
    (name) => name !== 'lo',
  );
}

function rows(path: string): string[][] {
  return read(path)
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
