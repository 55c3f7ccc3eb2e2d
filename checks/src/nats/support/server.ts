import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Scene } from '../../harness/scene.js';
import { until } from '../../lan/support/until.js';

/** How a NATS server is started. */
export interface ServerOptions {
  /** In front of the command: runs it on a host of a network. */
  readonly through?: readonly string[];
  /** Where it listens; default: on loopback, on a port that was free a moment ago. */
  readonly address?: string;
  readonly port?: number;
  /** More of its configuration. */
  readonly config?: string;
}

let servers = 0;

/** A real NATS server, which can be killed and comes back where it was; gone with its scene. */
export class NatsServer {
  /** Without the scheme: `127.0.0.1:4222`. */
  readonly address: string;
  /** What it says of connections, subscriptions and, if asked to, of each message. */
  readonly logPath: string;
  readonly #command: readonly [string, ...string[]];
  #process: ChildProcess | undefined;

  private constructor(address: string, logPath: string, command: readonly [string, ...string[]]) {
    this.address = address;
    this.logPath = logPath;
    this.#command = command;
  }

  static async start(at: Scene, options: ServerOptions = {}): Promise<NatsServer> {
    const {
      through = [],
      address = '127.0.0.1',
      port = (await NatsServer.freePorts(1))[0],
      config = '',
    } = options;
    const name = `nats-${servers++}`;
    const folder = at.folder();
    const [configPath, logPath] = [join(folder, `${name}.conf`), join(folder, `${name}.log`)];
    const log = `log_file: ${JSON.stringify(logPath)}`;
    writeFileSync(configPath, `host: ${address}\nport: ${port}\nserver_name: ${name}\n${log}\n${config}\n`);
    const command = [...through, 'nats-server', '-c', configPath] as unknown as readonly [
      string,
      ...string[],
    ];
    const server = new NatsServer(`${address}:${port}`, logPath, command);
    at.after(() => server.kill());
    await server.start();
    return server;
  }

  /** Ports of loopback that were free a moment ago, each another one. */
  static async freePorts(count: number): Promise<number[]> {
    const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const ports = servers.map((server) => (server.address() as { port: number }).port);
    await Promise.all(servers.map((server) => once(server.close(), 'close')));
    return ports;
  }

  get url(): string {
    return `nats://${this.address}`;
  }

  get log(): string {
    return readFileSync(this.logPath, 'utf8');
  }

  /** Starts it again, where it was. */
  async start(): Promise<void> {
    const [program, ...args] = this.#command;
    const before = this.#readyTimes();
    const child = spawn(program, args, { stdio: 'ignore' });
    this.#process = child;
    await once(child, 'spawn');
    await until(async () => this.#readyTimes() > before || child.exitCode !== null, 'the NATS server');
    if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}: ${this.log}`);
  }

  /** `kill -9`; resolves when it is dead. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Stops it for a while, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal);
  }

  #readyTimes(): number {
    try {
      return this.log.split('Server is ready').length - 1;
    } catch {
      return 0;
    }
  }
}
