import { MailslotError } from '../errors.js';
import { REDIRECTOR_IDLE_MS } from '../limits.js';
import { openSpace } from '../msfs/space/open-space.js';
import type { Alarm } from '../ports/clock.js';
import { type Ports, realPorts } from '../ports/ports.js';
import type { Config, ConfigOptions } from './config.js';
import type { House } from './house.js';
import type { NatsMaker } from './nats-settings.js';
import type { HouseStatus, Orders } from './status.js';

/** How a redirector is started. */
export interface StartOptions {
  /** Folder of the MSFS; see `CreateOptions.root`. */
  readonly root?: string | undefined;
  /** What beats the environment and the configuration file. */
  readonly config?: ConfigOptions | undefined;
  /**
   * What makes the transport over NATS: `natsTransport` of the package `@mailslot/nats`. Without it domains that are
   * configured for NATS go without, and a warning says so.
   */
  readonly nats?: NatsMaker | undefined;
}

/** A redirector that runs in this process. */
export interface RedirectorHandle extends AsyncDisposable {
  readonly root: string;
  readonly computer: string;
  /** The first is the primary one. */
  readonly domains: readonly string[];
  /** How it stands now. */
  status(): HouseStatus;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Says goodbye to the other computers and ends. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts the redirector of a root in this process: it carries messages to and from other computers for all processes
 * that use the root. `mailslot serve` does the same in a process of its own.
 *
 * Without a configured domain it sends nothing and listens to nothing, and waits for one to be configured.
 *
 * Rejects with `ERR_MAILSLOT_ALREADY_EXISTS` when the root has one, `ERR_MAILSLOT_ACCESS_DENIED` when the root belongs to
 * somebody else, `ERR_MAILSLOT_UNUSABLE_CONFIG`.
 */
export async function startRedirector(options: StartOptions = {}): Promise<RedirectorHandle> {
  return Runner.start(options, realPorts);
}

/** As {@link startRedirector}, for the process that was started on first need: it ends when nobody needs it. */
export async function startUntilIdle(options: StartOptions): Promise<RedirectorHandle> {
  const runner = await Runner.start(options, realPorts);
  runner.endWhenIdle(REDIRECTOR_IDLE_MS);
  return runner;
}

/** Keeps a house running: a new one takes over when the configuration names other domains or other ways to them. */
class Runner implements RedirectorHandle {
  readonly ended: Promise<void>;
  private readonly options: StartOptions;
  private readonly ports: Ports;
  private house: House;
  private config: Config;
  private resolveEnded: () => void = () => {};
  private closing: Promise<void> | undefined;
  private rebuilding: Promise<void> | undefined;
  private idleMs: number | undefined;
  private idleAlarm: Alarm | undefined;

  private constructor(options: StartOptions, ports: Ports, config: Config, house: House) {
    this.options = options;
    this.ports = ports;
    this.config = config;
    this.house = house;
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
  }

  static async start(options: StartOptions, ports: Ports): Promise<Runner> {
    const config = await configOf(options);
    let runner: Runner | undefined;
    const orders = {
      reload: () => runner?.reload() ?? Promise.resolve(),
      startAgain: () => runner?.startAgain(),
      stop: () => void runner?.close(),
    };
    const house = await built(options, config, orders, ports);
    runner = new Runner(options, ports, config, house);
    return runner;
  }

  get root(): string {
    return this.house.root;
  }

  get computer(): string {
    return this.config.computer;
  }

  get domains(): readonly string[] {
    return this.config.domains.map(({ name }) => name);
  }

  status(): HouseStatus {
    return this.house.status();
  }

  close(): Promise<void> {
    this.idleAlarm?.cancel();
    this.closing ??= this.end();
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  endWhenIdle(ms: number): void {
    this.idleMs = ms;
    this.house.onIdle((isIdle) => {
      this.idleAlarm?.cancel();
      if (isIdle) this.idleAlarm = this.ports.clock.after(ms, () => void this.close());
    });
  }

  /** Takes over what the configuration says now: keys and policy in place, other domains by a new house. */
  private async reload(): Promise<void> {
    await this.rebuilding;
    if (this.closing) return;
    const config = await configOf(this.options);
    const isSame = this.house.adopt(config);
    this.config = config;
    // Later, so that who asked for it gets an answer, on a connection of the house that goes.
    if (!isSame) this.ports.clock.after(0, () => this.rebuildSoon(config));
  }

  private startAgain(): void {
    this.ports.log.warn(`the redirector's place in ${this.root} was removed; it takes it again`);
    this.rebuildSoon(this.config);
  }

  private rebuildSoon(config: Config): void {
    if (this.closing) return;
    this.rebuilding = this.rebuild(config).finally(() => {
      this.rebuilding = undefined;
    });
  }

  private async rebuild(config: Config): Promise<void> {
    const { orders } = this.house;
    await this.house.close();
    try {
      // Slots and clients come back by themselves, as after a crash.
      this.house = await built(this.options, config, orders, this.ports);
      if (this.idleMs !== undefined) this.endWhenIdle(this.idleMs);
    } catch (error) {
      this.ports.log.warn(`the redirector ends: ${error instanceof MailslotError ? error.message : error}`);
      this.closing = Promise.resolve();
      this.resolveEnded();
    }
  }

  private async end(): Promise<void> {
    await this.rebuilding;
    await this.house.close();
    this.resolveEnded();
  }
}

/** Loaded on demand, as the house: whoever uses mailslots imports this file, and few are the redirector. */
async function configOf(options: StartOptions): Promise<Config> {
  const { loadConfig } = await import('./config.js');
  return loadConfig(process.env, options.config);
}

async function built(options: StartOptions, config: Config, orders: Orders, ports: Ports): Promise<House> {
  const { House } = await import('./house.js');
  return House.build(openSpace(options.root, ports), { config, nats: options.nats }, orders, ports);
}
