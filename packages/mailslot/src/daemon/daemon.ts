import { join } from 'node:path';
import type { Config } from '../config/config.js';
import type { StoredDomain } from '../config/config-schema.js';
import type { NatsFactory } from '../config/nats-settings.js';
import { policyOf } from '../config/policy-of.js';
import { Discovery } from '../discovery/discovery.js';
import { parseName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';
import { Redirector } from '../redirector/redirector.js';
import { fileWindows } from '../redirector/window-file.js';
import { answersOf, type Feeds } from './control-commands.js';
import type { ControlSocketParts } from './control-socket.js';
import { contentsOf, LiveDomain } from './live-domain.js';
import { stateFolder } from './state-folder.js';
import type { Commands, RedirectorStatus } from './status.js';

/** How long a client that opens `//HOST/…` waits until HOST has shown itself. */
const FIND_MS = 1_500;

/** What a daemon is built from. */
export interface Plan {
  readonly root: string;
  readonly config: Config;
  /** `undefined`: it goes without NATS, and says so where a domain asks for it. */
  readonly nats: NatsFactory | undefined;
  readonly startedAt: number;
  readonly isOnDemand: boolean;
  readonly commands: Commands;
  readonly feeds: Feeds;
  readonly ports: Ports;
}

/** What stands behind the control socket: the core, its transports, discovery. */
export class Daemon {
  private readonly plan: Plan;
  private readonly redirector: Redirector;
  private readonly discovery: Discovery;
  private readonly domains: readonly LiveDomain[];
  private readonly shape: string;

  /**
   * Puts everything together, and starts nothing: what is wrong with the configuration, its files or the policy shows here.
   *
   * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`, `ERR_MAILSLOT_UNUSABLE_ROOT`
   */
  constructor(plan: Plan) {
    const { root, config, nats, ports } = plan;
    const { computer } = config;
    const stored = contentsOf(config);
    this.plan = plan;
    this.shape = shapeOf(config, stored);
    this.domains = stored.map((domain) => new LiveDomain(domain, { computer, nats, ports }));
    this.redirector = new Redirector({
      computer,
      domains: this.domains,
      policy: policyOf(config),
      windows: fileWindows(join(stateFolder(root, ports.random), 'windows')),
      ports,
    });
    this.discovery = new Discovery(this.redirector, { offers: [], ports });
  }

  async start(): Promise<void> {
    await this.redirector.start();
    this.discovery.watch((event) => this.plan.feeds.computers.tell(event));
    this.discovery.start();
  }

  /**
   * Takes over keys and policy; false when the configuration asks for more than that.
   *
   * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`, and nothing has changed
   */
  adopt(config: Config): boolean {
    if (shapeOf(config, contentsOf(config)) !== this.shape) return false;
    this.redirector.policy = policyOf(config);
    for (const { name, ring } of this.domains) {
      const stored = config.domains.find((domain) => domain.name === name);
      if (stored) ring.replace(stored.keys, stored.use);
    }
    return true;
  }

  private probePaths(): void {
    for (const domain of this.domains) domain.probe();
  }

  status(): RedirectorStatus {
    const { root, startedAt, isOnDemand } = this.plan;
    return {
      root,
      pid: process.pid,
      startedAt,
      isOnDemand,
      computer: this.redirector.computer,
      instance: this.redirector.instance,
      domains: this.domains.map((domain) => domain.status()),
      statistics: this.redirector.statistics(),
    };
  }

  async close(): Promise<void> {
    await this.discovery.close();
    await this.redirector.close();
  }

  controlSocketParts(): ControlSocketParts {
    const { commands, feeds, ports } = this.plan;
    return {
      redirector: this.redirector,
      find: (computer: string) => this.find(computer),
      presence: {
        isGone: (computer) => this.discovery.isGone(computer),
        onChange: (computer, listener) => {
          const { key } = parseName(computer);
          return this.discovery.watch((event) => parseName(event.computer.name).key === key && listener());
        },
      },
      answers: answersOf(this.discovery, () => this.status(), {
        commands,
        feeds,
        clock: ports.clock,
        probePaths: () => this.probePaths(),
      }),
    };
  }

  private async find(computer: string): Promise<boolean> {
    const isOwn = parseName(computer).key === parseName(this.redirector.computer).key;
    return isOwn || this.redirector.isBlind || this.discovery.find(computer, FIND_MS);
  }
}

/** What cannot be changed while a daemon stands. */
function shapeOf({ computer }: Config, domains: readonly StoredDomain[]): string {
  return JSON.stringify([computer, domains.map(({ name, lan, nats }) => [name, lan, nats])]);
}
