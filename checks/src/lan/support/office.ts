import { openKeyStore } from 'mailslot/domains';
import type { Computer } from '../../faults/programs/computer.js';
import type { Child } from '../../harness/child.js';
import type { Scene } from '../../harness/scene.js';
import { Network, type NetworkOptions } from './network.js';
import { until } from './until.js';

/** Everybody's slot of that name in the own domain. */
export const ALERTS: string = '//*/mailslot/alerts';

/** A computer: a process with its redirector, one with a program, and the program's slot `alerts`. */
export interface Host {
  readonly name: string;
  readonly redirector: Child<Computer>;
  readonly program: Child<Computer>;
  readonly slot: number;
}

export interface Office {
  readonly network: Network;
  readonly hosts: Host[];
}

/** Puts all hosts, but for `strangers`, into one domain and starts a redirector and a program with the slot `alerts` on each. */
export async function office(
  at: Scene,
  options: NetworkOptions,
  strangers: readonly string[] = [],
): Promise<Office> {
  const network = new Network(at, { ...options, hosts: [...options.hosts, ...strangers] });
  const line = newKey(network, options.hosts[0] as string, 'OFFICE');
  for (const host of options.hosts) joinDomain(network, host, line);
  const hosts = await Promise.all(options.hosts.map((host) => start(network, host)));
  await Promise.all(hosts.map((host) => untilSees(host, options.hosts.length)));
  return { network, hosts };
}

/** Makes a key on one host; returns the line to share it with. */
export function newKey(network: Network, host: string, domain: string): string {
  network.configure(host, {});
  const keys = openKeyStore(network.configPath(host));
  return keys.share(keys.create(domain).id);
}

export function joinDomain(network: Network, host: string, line: string, computer: string = host): void {
  network.configure(host, { computer });
  openKeyStore(network.configPath(host)).install(line);
}

/** @param container in front of a command: runs it in one that uses its host's network */
export async function start(
  network: Network,
  name: string,
  user: string = name,
  container: readonly string[] = [],
): Promise<Host> {
  const redirector = await network.computer(name, user, container);
  await redirector.ask('serve');
  const program = await network.computer(name, user, container);
  return { name, redirector, program, slot: await program.ask('create', 'alerts') };
}

/** Resolves when a host knows that many computers to be there. */
export function untilSees({ redirector }: Host, count: number): Promise<void> {
  return until(async () => {
    const computers = await redirector.ask('computers');
    return computers.filter(({ state }) => state === 'here').length === count;
  });
}

export async function texts({ program, slot }: Host): Promise<string[]> {
  return (await program.ask('received', slot)).map(({ text }) => text);
}

/** Sends one more message to everybody, and waits until all have it: what came before it has come by then. */
export async function sentinel(from: Host, to: readonly Host[]): Promise<void> {
  const text = `sentinel ${Math.random()}`;
  await from.program.ask('send', ALERTS, text);
  await Promise.all(to.map((host) => until(async () => (await texts(host)).includes(text))));
}

/** Without the sentinels. */
export const own = (all: readonly string[]): string[] => all.filter((text) => !text.startsWith('sentinel'));
