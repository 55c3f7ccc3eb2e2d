import type { NetworkInterfaceInfo } from 'node:os';

/** As `os.networkInterfaces()` tells them: those that are up and have an address. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** What an interface leads to, as far as its name tells. */
export type InterfaceKind = 'loopback' | 'lan' | 'containers' | 'virtual machines' | 'vpn';

/** The usual names of interfaces that lead to no other computer of the LAN; none of them is a rule of any system. */
const KINDS: readonly (readonly [InterfaceKind, RegExp])[] = [
  ['loopback', /^(lo\d*$|Loopback)/],
  ['containers', /^(docker\d|br-[0-9a-f]{12}$|veth|podman\d|cni|flannel|cali|lxc|lxdbr|incusbr|nerdctl)/],
  ['virtual machines', /^(virbr|vnet\d|vboxnet|vmnet|vEthernet|bridge1\d\d|tap\d|multipass)/],
  ['vpn', /^(tun|utun|wg|tailscale|zt|ppp|ipsec|nordlynx|proton|gpd|cscotun|nebula|warp|CloudflareWARP)/],
];

/** Recognised by name alone: no system tells it in a way that is the same everywhere. */
export function kindOfInterface(name: string): InterfaceKind {
  return KINDS.find(([, names]) => names.test(name))?.[0] ?? 'lan';
}
