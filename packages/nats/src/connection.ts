import { isIP } from 'node:net';
import {
  AuthorizationError,
  type NatsConnectionImpl,
  type NodeConnectionOptions,
  PermissionViolationError,
  type Server,
  type ServerInfo,
  type Status,
} from '@nats-io/transport-node';
import type { MailslotError, NatsSettings } from 'mailslot';
import type { Clock, Ports } from 'mailslot/transports';
import { Backoff } from './backoff.js';
import { connectGuarded } from './guarded.js';
import { NATS_LOGIN_MS, NATS_PING_MS } from './limits.js';
import { probe } from './probe.js';
import { authenticatorsOf, type ServerAddress, serversOf, tlsOf } from './settings.js';
import {
  complaint,
  lost,
  type ProblemCode,
  ProtocolBreach,
  reasonOf,
  refused,
  unreachable,
} from './trouble.js';

/** Who is told what becomes of a connection. */
export interface ConnectionOwner {
  lost(code: ProblemCode, reason: string): void;
  back(): void;
  /** The server does not allow it. */
  refused(operation: 'publish' | 'subscription', subject: string): void;
  /** Something that the server said, and that did not end the connection. */
  problemSaid(code: ProblemCode, text: string): void;
  /** A message came that no packet can be; nothing was kept of it. */
  tooLarge(): void;
}

/** One subscription. */
export interface Listening {
  stop(): void;
}

/** The connection to whichever server of the network answers: found again by itself whenever it is lost. */
export class Connection {
  private readonly nc: NatsConnectionImpl;
  private readonly backoff: Backoff;
  private readonly owner: ConnectionOwner;
  private isUp = true;
  private isClosed = false;

  /** Rejects with MailslotError `ERR_MAILSLOT_IO`, or `ERR_MAILSLOT_INVALID_ARGUMENT` for what no server is asked for. */
  static async open(settings: NatsSettings, ports: Ports, owner: ConnectionOwner): Promise<Connection> {
    const dialler = new Dialler(settings, ports, () => owner.tooLarge());
    return new Connection(await dialler.dial(), dialler.backoff, owner);
  }

  private constructor(nc: NatsConnectionImpl, backoff: Backoff, owner: ConnectionOwner) {
    this.nc = nc;
    this.backoff = backoff;
    this.owner = owner;
    void this.follow();
  }

  get isConnected(): boolean {
    return this.isUp && !this.isClosed;
  }

  /** What the server told of itself. */
  get info(): ServerInfo | undefined {
    return this.nc.info;
  }

  /** `host:port`. */
  get server(): string {
    return this.nc.getServer();
  }

  /** The bytes must not be written to afterwards. */
  publish(subject: string, bytes: Uint8Array): void {
    this.nc.publish(subject, bytes);
  }

  /** Resolves to whether the server has all that was published before. Does not reject. */
  async ask(): Promise<boolean> {
    try {
      await this.nc.flush();
      return true;
    } catch {
      return false;
    }
  }

  /** `take` must not throw. */
  listen(subject: string, take: (bytes: Uint8Array, subject: string) => void): Listening {
    const subscription = this.nc.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) take(message.data, message.subject);
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.nc.close();
    // A dial that is under way would go on, and the connection that it makes be nobody's.
    this.nc.protocol.transport.discard();
  }

  private async follow(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (!this.isClosed) this.take(status);
    }
    const reason = await this.nc.closed();
    if (!this.isClosed) this.end('lost', `the connection ended (${reasonOf(reason)})`);
  }

  private take(status: Status): void {
    if (status.type === 'disconnect') this.lose(status.server);
    else if (status.type === 'reconnect') this.begin();
    else if (status.type === 'error') this.hear(status.error);
  }

  private lose(server: string): void {
    const { closeError } = this.nc.protocol.transport;
    const isBreach = closeError instanceof ProtocolBreach;
    // As one that does not let us in, it is asked again after longer and longer pauses.
    if (isBreach) this.backoff.refused();
    const { problemCode, message } = isBreach ? refused(server, closeError) : lost(server);
    this.end(problemCode, message);
  }

  private end(code: ProblemCode, reason: string): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.owner.lost(code, reason);
  }

  private begin(): void {
    this.isUp = true;
    this.backoff.connected();
    this.owner.back();
  }

  private hear(error: Error): void {
    if (error instanceof AuthorizationError) this.backoff.refused();
    if (error instanceof PermissionViolationError) this.owner.refused(error.operation, error.subject);
    else {
      const { problemCode, message } = (this.isUp ? complaint : refused)(this.server, error);
      this.owner.problemSaid(problemCode, message);
    }
  }
}

/** Makes the client library connect. */
class Dialler {
  readonly backoff: Backoff;
  private readonly settings: NatsSettings;
  private readonly clock: Clock;
  private readonly servers: readonly ServerAddress[];
  private readonly onTooLarge: () => void;
  private dialled: Server | undefined;

  constructor(settings: NatsSettings, { clock, random }: Ports, onTooLarge: () => void) {
    this.settings = settings;
    this.onTooLarge = onTooLarge;
    this.clock = clock;
    this.backoff = new Backoff(clock, random);
    this.servers = serversOf(settings);
  }

  /** To the server that answers first; if that does not take it, to the next. */
  async dial(): Promise<NatsConnectionImpl> {
    const options = this.options();
    const left = new Set(this.servers);
    let failure: MailslotError | undefined;
    while (left.size > 0) {
      const found = await probe([...left], this.clock);
      if (!('host' in found)) throw failure ?? unreachable(found);
      try {
        return await this.connect(found, options);
      } catch (error) {
        failure ??= refused(`${found.host}:${found.port}`, error);
      }
      left.delete(found);
    }
    throw failure;
  }

  /** The others are told of afterwards: those that do not answer to the first attempt would be struck off. */
  private async connect({ url }: ServerAddress, options: NodeConnectionOptions): Promise<NatsConnectionImpl> {
    const { clock, onTooLarge } = this;
    const nc = await connectGuarded({ ...options, servers: [url] }, { clock, onTooLarge });
    const known = nc.getServers();
    const others = this.servers.filter((server) => !known.some((each) => isSame(each, server)));
    nc.setServers([...known.map(({ listen }) => listen), ...others.map((server) => server.url)]);
    return nc;
  }

  private options(): NodeConnectionOptions {
    const tls = tlsOf(this.settings, () => this.address());
    return {
      name: 'mailslot',
      authenticator: authenticatorsOf(this.settings),
      ...(tls === undefined ? {} : { tls }),
      noEcho: true,
      timeout: NATS_LOGIN_MS,
      maxReconnectAttempts: -1,
      // Who was let in once may be again, when the server's configuration is whole again.
      ignoreAuthErrorAbort: true,
      reconnectDelayHandler: () => this.backoff.next(),
      pingInterval: NATS_PING_MS,
      maxPingOut: 2,
      reconnectToServer: ([next]) => {
        this.dialled = next;
        this.backoff.dialled();
        return null;
      },
    };
  }

  /** The address whose certificate is looked at, if it has no name. */
  private address(): string | undefined {
    const { hostname = '', tlsName = '' } = this.dialled ?? {};
    return tlsName === '' && isIP(hostname) !== 0 ? hostname : undefined;
  }
}

function isSame({ hostname, port }: Server, server: ServerAddress): boolean {
  return port === server.port && hostname.toLowerCase() === server.host.toLowerCase();
}
