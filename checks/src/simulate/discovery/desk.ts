import type { Clock, Random, SimulatedNetwork } from 'mailslot/testing';
import { Discovery } from '../../../../packages/mailslot/dist/discovery/discovery.js';
import { ALLOW_ALL } from '../../../../packages/mailslot/dist/redirector/policy.js';
import { Redirector } from '../../../../packages/mailslot/dist/redirector/redirector.js';
import { memoryWindows } from '../../../../packages/mailslot/dist/redirector/windows.js';

export const DOMAIN = 'OFFICE';
export const SLOT = '$browse';

/** A computer of which everything is there: redirector, discovery, windows. */
export class Desk {
  readonly name: string;
  readonly redirector: Redirector;
  /** How many others it has come to know, and when the last of them and each of some. */
  known = 0;
  private readonly discovery: Discovery;
  private readonly clock: Clock;
  private readonly knownAt = new Map<string, number>();

  constructor(network: SimulatedNetwork, clock: Clock, random: Random, name: string) {
    this.name = name;
    this.clock = clock;
    const transports = [network.transport({ domain: DOMAIN, computer: name })];
    const ports = { clock, random, log: { warn: () => {} } };
    const windows = memoryWindows({ messages: 512, instances: 32_768 });
    const domains = [{ name: DOMAIN, transports }];
    this.redirector = new Redirector({ computer: name, domains, windows, policy: ALLOW_ALL, ports });
    const machine = Buffer.from(random.bytes(8)).toString('hex');
    this.discovery = new Discovery(this.redirector, { offers: [], machine, ports });
  }

  async start(): Promise<void> {
    this.discovery.watch(({ change, computer }) => {
      if (change !== 'appeared' || computer.name === this.name) return;
      this.known += 1;
      this.knownAt.set(computer.name, this.clock.monotonic());
    });
    await this.redirector.start();
    this.discovery.start();
  }

  async close(): Promise<void> {
    await this.discovery.close();
    await this.redirector.close();
  }

  /** When it came to know a computer. */
  met(name: string): number | undefined {
    return this.knownAt.get(name);
  }

  /** Computers that it takes to be there, itself included. */
  get present(): number {
    return this.discovery.computers().filter(({ state }) => state === 'here').length;
  }

  /** Datagrams that reached it. */
  get heard(): number {
    return this.redirector.statistics().received;
  }
}
