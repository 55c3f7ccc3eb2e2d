import type { Scene } from '../../harness/scene.js';
import { Network } from '../../lan/support/network.js';
import { type Host, joinDomain, newKey, start, untilSees } from '../../lan/support/office.js';
import { NatsServer } from './server.js';

/** Two LANs without a route between them, and one more network by which all computers reach a NATS server. */
export interface Sites {
  readonly network: Network;
  readonly server: NatsServer;
  /** ALPHA and BRAVO on one LAN, CHARLIE on the other. */
  readonly hosts: readonly [Host, Host, Host];
}

const NAMES = ['ALPHA', 'BRAVO', 'CHARLIE'] as const;

/** The interface of each computer's LAN: the multicast of one never leaves it. */
const INTERFACES = { ALPHA: 'eth0', BRAVO: 'eth0', CHARLIE: 'eth1' } as const;

const UPLINK = 2;

/** What a test may want to be different. */
export interface SitesOptions {
  /** More of the server's configuration. */
  readonly config?: string;
  /** Computers beside those of the domain, with nothing but the way to the server. */
  readonly strangers?: readonly string[];
}

/** Everybody in one domain, and each knowing all. */
export async function sites(at: Scene, { config, strangers = [] }: SitesOptions = {}): Promise<Sites> {
  const everybody = [...NAMES, 'SERVER', ...strangers];
  const lans = [['ALPHA', 'BRAVO'], ['CHARLIE'], everybody];
  const network = new Network(at, { hosts: everybody, lans });
  const address = network.address('SERVER', UPLINK);
  const server = await NatsServer.start(at, {
    through: network.on('SERVER'),
    address,
    port: 4222,
    ...(config === undefined ? {} : { config }),
  });
  const line = newKey(network, 'ALPHA', 'OFFICE');
  for (const name of NAMES) {
    joinDomain(network, name, line);
    join(network, name, { interfaces: [INTERFACES[name]] }, server);
  }
  const hosts = await Promise.all(NAMES.map((name) => start(network, name)));
  await Promise.all(hosts.map((host) => untilSees(host, NAMES.length)));
  return { network, server, hosts: hosts as unknown as Sites['hosts'] };
}

/** Carries a computer's domains over NATS too, and over its LAN as `lan` says. */
export function join(network: Network, name: string, lan: object | false, { url }: NatsServer): void {
  network.change(name, (config) => {
    for (const domain of config.domains) Object.assign(domain, { lan, nats: { servers: [url] } });
  });
}
