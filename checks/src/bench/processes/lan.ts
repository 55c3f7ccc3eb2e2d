import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { openKeyStore } from 'mailslot/domains';
import { makeScene } from '../../harness/scene.js';
import { Network } from '../../lan/support/network.js';
import { isOnPath } from '../../support/peers.js';
import type { Bench } from '../bench.js';
import type { Place } from '../contestants/contestant.js';
import { rootOf } from '../contestants/mailslot.js';
import type { RedirectorDuties } from './redirector.js';
import { Worker } from './worker.js';

/** What is between the computers: the loopback of this one, or a bridge between network namespaces. */
export type Wire = 'loopback' | 'namespaces';

/** Those that can be had here; namespaces need root. */
export const wires: readonly Wire[] =
  process.platform === 'linux' && process.getuid?.() === 0 && isOnPath('ip')
    ? ['loopback', 'namespaces']
    : ['loopback'];

const DOMAIN = 'BENCH';

/** Where processes run. */
export interface Ground {
  /** In front of their commands. */
  readonly through: readonly string[];
  readonly interface: string;
}

/** A computer of a LAN: a root, and its redirector in a process of its own. */
export interface Computer {
  readonly name: string;
  readonly place: Place;
  readonly through: readonly string[];
  readonly redirector: Worker<RedirectorDuties>;
  /** When its redirector began to start, in nanoseconds. */
  readonly began: number;
}

/** Two places with a wire between them, on which computers of one domain come and go. */
export class Lan {
  readonly here: Ground;
  readonly there: Ground;
  private readonly bench: Bench;
  private readonly config: string;
  /** Of the redirectors, and of others. */
  private readonly ports: readonly [number, number];
  private readonly running = new Set<Computer>();

  constructor(bench: Bench, [here, there]: readonly [Ground, Ground], ports: readonly [number, number]) {
    this.bench = bench;
    this.here = here;
    this.there = there;
    this.ports = ports;
    this.config = join(bench.newFolder(), 'config.json');
    openKeyStore(this.config).create(DOMAIN);
  }

  /** Starts a computer; by default it uses what its interface has, as others do by default. */
  async computer(name: string, ground: Ground, family: 'any' | 'IPv4' = 'any'): Promise<Computer> {
    const { through } = ground;
    const [port, otherPort] = this.ports;
    const lan = { interface: ground.interface, port: otherPort };
    const place = { folder: this.bench.newFolder(), brokers: {}, lan };
    const redirector = new Worker<RedirectorDuties>(new URL('redirector.js', import.meta.url), { through });
    const settings = { interfaces: [ground.interface], family, port };
    const config = { path: this.config, computer: name, domain: DOMAIN, lan: settings };
    try {
      const began = await redirector.ask('start', { root: rootOf(place), config });
      const computer = { name, place, through, redirector, began };
      this.running.add(computer);
      return computer;
    } catch (error) {
      await redirector.stop();
      throw error;
    }
  }

  /** Ends a computer: it says goodbye. */
  async end(computer: Computer): Promise<void> {
    this.running.delete(computer);
    await computer.redirector.ask('close', undefined);
    await computer.redirector.stop();
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((computer) => this.end(computer)));
  }
}

/** Puts up a LAN, and takes it down whatever happens. */
export async function withLan<T>(bench: Bench, wire: Wire, use: (lan: Lan) => Promise<T>): Promise<T> {
  const { scene, clear } = makeScene();
  // What is registered last is done first, and at once: the namespaces go also when the bench is interrupted.
  const clearAtExit = (): void => void clear();
  process.once('exit', clearAtExit);
  let lan: Lan | undefined;
  try {
    const ports = [await freePort(), await freePort()] as const;
    lan = new Lan(
      bench,
      wire === 'loopback' ? onLoopback : inNamespaces(new Network(scene, { hosts })),
      ports,
    );
    return await use(lan);
  } finally {
    await lan?.close();
    process.removeListener('exit', clearAtExit);
    await clear();
  }
}

const hosts: readonly string[] = ['here', 'there'];
const loopback: Ground = { through: [], interface: 'lo' };
const onLoopback = [loopback, loopback] as const;

function inNamespaces(network: Network): readonly [Ground, Ground] {
  const [here, there] = hosts.map((host) => ({ through: network.on(host), interface: 'eth0' }));
  return [here, there] as [Ground, Ground];
}

/** A UDP port that nobody has now. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
