import { join } from 'node:path';
import { Browser } from '../browser/browser.js';
import type { NameSpace } from '../msfs/space/name-space.js';
import { parseName } from '../name/slot-name.js';
import type { Clock } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import { ALLOW_ALL, type Policy, parsePolicy } from '../redirector/policy.js';
import { Redirector } from '../redirector/redirector.js';
import { fileWindows } from '../redirector/window-file.js';
import { answersOf } from './answers.js';
import { type Config, policyText } from './config.js';
import type { StoredDomain } from './config-json.js';
import { Door } from './door.js';
import { contentsOf, LiveDomain } from './live-domain.js';
import type { NatsMaker } from './nats-settings.js';
import { stateFolder } from './state-folder.js';
import type { HouseStatus, Orders } from './status.js';

/** How long a client that opens `//HOST/…` waits until HOST has shown itself. */
const FIND_MS = 1_500;

/** What a house is built from. */
export interface Plan {
  readonly config: Config;
  /** `undefined`: it goes without NATS, and says so where a domain asks for it. */
  readonly nats: NatsMaker | undefined;
}

/** Everything that makes a redirector, put together once: the door, the core, its transports, the browser. */
export class House {
  readonly orders: Orders;
  private readonly door: Door;
  private readonly redirector: Redirector;
  private readonly browser: Browser;
  private readonly domains: readonly LiveDomain[];
  private readonly shape: string;
  private readonly clock: Clock;
  readonly root: string;

  private constructor(root: string, door: Door, parts: HouseParts, orders: Orders) {
    this.root = root;
    this.door = door;
    this.redirector = parts.redirector;
    this.browser = parts.browser;
    this.domains = parts.domains;
    this.shape = parts.shape;
    this.clock = parts.clock;
    this.orders = orders;
  }

  /** Takes the root's door, which only one can, and starts. Rejects as `startRedirector` does. */
  static async build(space: NameSpace, plan: Plan, orders: Orders, ports: Ports): Promise<House> {
    let open: (house: House) => void = () => {};
    const opened = new Promise<House>((resolve) => {
      open = resolve;
    });
    const door = await Door.open(
      space,
      opened.then((house) => house.doorParts()),
      ports,
    );
    try {
      const parts = await partsOf(space.root, plan, ports);
      const house = new House(space.root, door, parts, orders);
      open(house);
      door.onLost(orders.startAgain);
      return house;
    } catch (error) {
      await door.close();
      throw error;
    }
  }

  onIdle(listener: (isIdle: boolean) => void): void {
    this.door.onIdle(listener);
  }

  /** Takes over keys and policy; false when the configuration asks for more than that. */
  adopt(config: Config): boolean {
    if (shapeOf(config, contentsOf(config)) !== this.shape) return false;
    this.redirector.policy = policyOf(config);
    for (const { name, ring } of this.domains) {
      const stored = config.domains.find((domain) => domain.name === name);
      if (stored) ring.replace(stored.keys, stored.use);
    }
    return true;
  }

  status(): HouseStatus {
    return {
      root: this.root,
      pid: process.pid,
      computer: this.redirector.computer,
      instance: this.redirector.instance,
      domains: this.domains.map((domain) => domain.status()),
      statistics: this.redirector.statistics(),
    };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.redirector.close();
    await this.door.close();
  }

  private doorParts() {
    return {
      redirector: this.redirector,
      find: (computer: string) => this.find(computer),
      answers: answersOf(this.browser, () => this.status(), this.orders, this.clock),
    };
  }

  private async find(computer: string): Promise<boolean> {
    const isOwn = parseName(computer).key === parseName(this.redirector.computer).key;
    return isOwn || this.redirector.isBlind || this.browser.find(computer, FIND_MS);
  }
}

interface HouseParts {
  readonly redirector: Redirector;
  readonly browser: Browser;
  readonly domains: readonly LiveDomain[];
  readonly shape: string;
  readonly clock: Clock;
}

async function partsOf(root: string, { config, nats }: Plan, ports: Ports): Promise<HouseParts> {
  const { computer } = config;
  const stored = contentsOf(config);
  const domains = stored.map((domain) => new LiveDomain(domain, { computer, nats, ports }));
  const redirector = new Redirector({
    computer,
    domains,
    windows: fileWindows(join(stateFolder(root, ports.random), 'windows')),
    policy: policyOf(config),
    ports,
  });
  const browser = new Browser(redirector, { offers: [], ports });
  await redirector.start();
  browser.start();
  return { redirector, browser, domains, shape: shapeOf(config, stored), clock: ports.clock };
}

function policyOf(config: Config): Policy {
  const text = policyText(config);
  return text === undefined ? ALLOW_ALL : parsePolicy(text);
}

/** What cannot be changed while a house stands. */
function shapeOf({ computer }: Config, domains: readonly StoredDomain[]): string {
  return JSON.stringify([computer, domains.map(({ name, lan, nats }) => [name, lan, nats])]);
}
