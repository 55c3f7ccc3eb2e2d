import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Computer } from '../../faults/programs/computer.js';
import type { Child } from '../../harness/child.js';
import type { Scene } from '../../harness/scene.js';

/** How a network is made. */
export interface NetworkOptions {
  /** Names of its computers, at most nine. */
  readonly hosts: readonly string[];
  /** Address families of the LAN; default both. */
  readonly families?: readonly ('IPv4' | 'IPv6')[];
  /**
   * Which hosts are on each of its LANs, on that number's interface: `eth0` on the first, `eth1` on the second. Default:
   * one LAN with all hosts.
   */
  readonly lans?: readonly (readonly string[])[];
}

let networks = 0;

/**
 * A LAN of computers: a network namespace for each, and one with the bridge between them, so that nothing of it
 * touches the network of the machine. Needs root; gone with its scene.
 */
export class Network {
  readonly #at: Scene;
  readonly #prefix: string;
  readonly #folder: string;
  readonly #hosts: readonly string[];

  constructor(at: Scene, { hosts, families = ['IPv4', 'IPv6'], lans = [hosts] }: NetworkOptions) {
    this.#at = at;
    this.#hosts = hosts;
    this.#prefix = `ms${process.pid}-${networks++}-`;
    this.#folder = at.folder();
    at.after(() => {
      for (const host of [...hosts, 'sw']) spawnSync('ip', ['netns', 'del', this.space(host)]);
    });
    ip('netns', 'add', this.space('sw'));
    for (const index of lans.keys()) this.#makeBridge(`br${index}`);
    for (const host of hosts) {
      ip('netns', 'add', this.space(host));
      this.#inHost(host, 'link', 'set', 'lo', 'up');
      for (const [index, members] of lans.entries()) {
        if (members.includes(host)) this.#connect(host, index, families);
      }
    }
  }

  /** The name of a host's namespace; `sw` is the one with the bridge. */
  space(host: string): string {
    return this.#prefix + host;
  }

  /** In front of a command: runs it on that host. */
  on(host: string): readonly string[] {
    return ['ip', 'netns', 'exec', this.space(host)];
  }

  /** The MSFS root of one user of a host. */
  root(host: string): string {
    return join(this.#folder, host);
  }

  /** Writes the configuration of one user of a host; default: what it is called, in the domain of everybody. */
  configure(host: string, config: Readonly<Record<string, unknown>>): void {
    mkdirSync(this.root(host), { recursive: true, mode: 0o700 });
    writeFileSync(this.configPath(host), JSON.stringify({ computer: host, ...config }), { mode: 0o600 });
  }

  /** Changes the configuration of one user of a host. */
  change(host: string, change: (config: { domains: object[] }) => void): void {
    const config = JSON.parse(readFileSync(this.configPath(host), 'utf8'));
    change(config);
    writeFileSync(this.configPath(host), JSON.stringify(config), { mode: 0o600 });
  }

  /** Gives a host the configuration of another one, under its own name. */
  copyConfig(from: string, to: string): void {
    const config = JSON.parse(readFileSync(this.configPath(from), 'utf8'));
    this.configure(to, { ...config, computer: to });
  }

  configPath(host: string): string {
    return `${this.root(host)}.json`;
  }

  /** The environment of programs of a host. */
  env(host: string): NodeJS.ProcessEnv {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    return { ...env, MAILSLOT_ROOT: this.root(host), MAILSLOT_CONFIG: this.configPath(host) };
  }

  /** Starts a program on a host; `user` has another root and configuration there, and may be in a container. */
  computer(host: string, user: string = host, container: readonly string[] = []): Promise<Child<Computer>> {
    const through = [...this.on(host), ...container];
    return this.#at.start<Computer>('computer', { through, env: this.env(user) });
  }

  /** The IPv4 address of a host on one of its LANs. */
  address(host: string, lan: number): string {
    return `10.99.${lan}.${11 + this.#hosts.indexOf(host)}`;
  }

  /** Pulls the cable of the first LAN. */
  cut(host: string): void {
    ip('-n', this.space('sw'), 'link', 'set', `p0${host}`, 'down');
  }

  mend(host: string): void {
    ip('-n', this.space('sw'), 'link', 'set', `p0${host}`, 'up');
  }

  #makeBridge(bridge: string): void {
    const space = this.space('sw');
    ip('-n', space, 'link', 'set', 'lo', 'up');
    const quiet = ['mcast_snooping', '0', 'forward_delay', '0', 'stp_state', '0'];
    ip('-n', space, 'link', 'add', bridge, 'type', 'bridge', ...quiet);
    ip('-n', space, 'link', 'set', bridge, 'up');
  }

  #connect(host: string, index: number, families: readonly string[]): void {
    const [port, name] = [`p${index}${host}`, `eth${index}`];
    ip('-n', this.space('sw'), 'link', 'add', port, 'type', 'veth', 'peer', name, 'netns', this.space(host));
    ip('-n', this.space('sw'), 'link', 'set', port, 'master', `br${index}`, 'up');
    // Its own address is used at once, not after a second of asking whether somebody else has it.
    const conf = families.includes('IPv6') ? 'accept_dad' : 'disable_ipv6';
    const value = families.includes('IPv6') ? '0' : '1';
    this.#write(host, `/proc/sys/net/ipv6/conf/${name}/${conf}`, value);
    if (families.includes('IPv4')) {
      const broadcast = `10.99.${index}.255`;
      const address = `${this.address(host, index)}/24`;
      this.#inHost(host, 'addr', 'add', address, 'broadcast', broadcast, 'dev', name);
    }
    this.#inHost(host, 'link', 'set', name, 'up');
  }

  #write(host: string, path: string, value: string): void {
    run(this.on(host), ['sh', '-c', `echo ${value} > ${path}`]);
  }

  #inHost(host: string, ...args: readonly string[]): void {
    ip('-n', this.space(host), ...args);
  }
}

function ip(...args: readonly string[]): void {
  run(['ip'], args);
}

function run(through: readonly string[], args: readonly string[]): void {
  const [command, ...rest] = [...through, ...args];
  const { status, stderr } = spawnSync(command as string, rest, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[command, ...rest].join(' ')}: ${stderr}`);
}
