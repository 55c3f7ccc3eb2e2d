import { type Config, hostLabel, loadConfig } from '../config/config.js';
import { computerName } from '../config/group-name.js';
import { refuseUnlessOwner } from '../daemon-client/locate.js';
import { MailslotError } from '../errors.js';
import { HOST_NAME_CHECK_MS } from '../limits.js';
import type { NameSpace } from '../msfs/namespace/name-space.js';
import { openSpace } from '../msfs/namespace/open-space.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Feeds } from './control-commands.js';
import type { ControlSocket } from './control-socket.js';
import { Daemon } from './daemon.js';
import type { RedirectorHandle, StartOptions } from './handle.js';
import { News } from './news.js';
import { type RedirectorStatus, selfOf } from './status.js';
import { takePlace } from './take-place.js';

/** How a redirector came to run. */
export interface Reason {
  readonly isOnDemand: boolean;
}

/**
 * Keeps a redirector running: a new daemon takes the place of the old one behind the control socket when the configuration names
 * other domains or other ways to them, or the host gets another name.
 */
export class Runner implements RedirectorHandle {
  readonly root: string;
  readonly ended: Promise<void>;
  private readonly options: StartOptions;
  private readonly reason: Reason;
  private readonly space: NameSpace;
  private readonly ports: Ports;
  private readonly feeds: Feeds = { computers: new News(), self: new News() };
  private readonly startedAt: number;
  private daemon: Daemon;
  private config: Config;
  private controlSocket: ControlSocket | undefined;
  private end: { resolve(): void; reject(why: unknown): void } = { resolve() {}, reject() {} };
  private closing: Promise<void> | undefined;
  /** Changes come one after the other. */
  private changing: Promise<void> = Promise.resolve();
  private idleAlarm: Alarm | undefined;
  private nameAlarm: Alarm | undefined;
  /** As it was seen last. */
  private hostLabel = hostLabel();

  private constructor(options: StartOptions, reason: Reason, space: NameSpace, ports: Ports) {
    this.options = options;
    this.reason = reason;
    this.space = space;
    this.root = space.root;
    this.ports = ports;
    this.startedAt = ports.clock.now();
    this.ended = new Promise((resolve, reject) => {
      this.end = { resolve, reject };
    });
    // Whoever waits for it learns why it ended; nobody has to.
    this.ended.catch(() => {});
    this.config = this.readConfig();
    this.daemon = this.daemonFor(this.config);
  }

  /** Rejects as `startRedirector`. */
  static async start(options: StartOptions, reason: Reason, ports: Ports): Promise<Runner> {
    const space = openSpace(options.root, ports);
    refuseUnlessOwner(space.root);
    const runner = new Runner(options, reason, space, ports);
    await runner.open();
    return runner;
  }

  get computer(): string {
    return this.config.computer;
  }

  get domains(): readonly string[] {
    return this.config.domains.map(({ name }) => name);
  }

  status(): RedirectorStatus {
    return this.daemon.status();
  }

  close(): Promise<void> {
    this.closing ??= this.takeDown().then(() => this.end.resolve());
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  endWhenIdle(ms: number): void {
    this.controlSocket?.onIdle((isIdle) => {
      this.idleAlarm?.cancel();
      if (isIdle && !this.closing) this.idleAlarm = this.ports.clock.after(ms, () => void this.close());
    });
  }

  private async open(): Promise<void> {
    const { space, ports } = this;
    const controlSocket = await takePlace(space, this.reason.isOnDemand, ports);
    this.controlSocket = controlSocket;
    try {
      await this.daemon.start();
    } catch (error) {
      await controlSocket.close();
      throw error;
    }
    controlSocket.serve(this.daemon.controlSocketParts());
    controlSocket.onLost(() => void this.inTurn(() => this.takePlaceAgain(controlSocket)).catch(() => {}));
    this.watchName();
  }

  /** Takes over what the configuration says now: keys and policy in place, anything else by a new daemon. */
  private reload(): Promise<void> {
    return this.inTurn(() => this.adopt(this.readConfig()));
  }

  /** Rejects, and everything is as before, when the configuration cannot be used. */
  private async adopt(config: Config): Promise<void> {
    if (!this.daemon.adopt(config)) await this.replaceDaemon(this.daemonFor(config));
    this.config = config;
    this.feeds.self.tell(selfOf(this.daemon.status()));
  }

  /** Clients and slots stay connected. */
  private async replaceDaemon(next: Daemon): Promise<void> {
    this.controlSocket?.suspend();
    await this.daemon.close();
    this.daemon = next;
    try {
      await next.start();
    } catch (error) {
      this.mustEnd(error);
      throw error;
    }
    this.controlSocket?.serve(next.controlSocketParts());
  }

  private async takePlaceAgain(controlSocket: ControlSocket): Promise<void> {
    this.ports.log.warn(`the redirector's place in ${this.root} was removed; it takes it again`);
    try {
      await controlSocket.reopen();
    } catch (error) {
      this.mustEnd(error);
    }
  }

  /** A name that was chosen holds; else the host's does, whatever it is by now. */
  private watchName(): void {
    this.nameAlarm = this.ports.clock.afterIdle(HOST_NAME_CHECK_MS, () => {
      this.followName()
        .catch((error: unknown) => this.ports.log.warn(`the host's new name is not used: ${textOf(error)}`))
        .finally(() => {
          if (!this.closing) this.watchName();
        });
    });
  }

  private async followName(): Promise<void> {
    const label = hostLabel();
    if (label === this.hostLabel) return;
    this.hostLabel = label;
    if (!this.config.isNamedByHost) return;
    await this.inTurn(() => this.adopt({ ...this.config, computer: computerName(label) }));
    this.ports.log.warn(`the host has another name: this computer is ${this.computer} from now on`);
  }

  private inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.changing.then(() => {
      if (!this.closing) return change();
      throw new MailslotError('ERR_MAILSLOT_CLOSED', 'the redirector is ending');
    });
    this.changing = done.catch(() => {});
    return done;
  }

  private mustEnd(why: unknown): void {
    this.ports.log.warn(`the redirector of ${this.root} ends: ${textOf(why)}`);
    this.closing ??= this.takeDown();
    this.end.reject(why);
  }

  private async takeDown(): Promise<void> {
    this.idleAlarm?.cancel();
    this.nameAlarm?.cancel();
    await this.changing;
    await this.controlSocket?.drain();
    await this.daemon.close();
    await this.controlSocket?.close();
  }

  private readConfig(): Config {
    return loadConfig(process.env, this.options.config);
  }

  private daemonFor(config: Config): Daemon {
    const { root, startedAt, feeds, ports } = this;
    const { isOnDemand } = this.reason;
    const commands = { reload: () => this.reload(), stop: () => void this.close() };
    return new Daemon({
      root,
      config,
      nats: this.options.nats,
      startedAt,
      isOnDemand,
      commands,
      feeds,
      ports,
    });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
