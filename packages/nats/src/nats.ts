import {
  MailslotError,
  type NatsFactory,
  type NatsSetup,
  type NatsState,
  type NatsTransport,
} from 'mailslot';
import {
  type Addressee,
  type Alarm,
  type Capabilities,
  type Datagram,
  type KeyRing,
  MAX_PACKET,
  MAX_PACKET_MESSAGE,
  type Ports,
  type Receiver,
} from 'mailslot/transports';
import { Connection } from './connection.js';
import { Inbox } from './inbox.js';
import { NATS_GRACE_MS, NATS_LEAST_PAYLOAD, NATS_LINGER_MS, NATS_LOOK_MS } from './limits.js';
import { Outbox } from './outbox.js';
import { type Operation, Refusals } from './refusals.js';
import { serversOf } from './settings.js';
import { Subscriptions } from './subscriptions.js';
import { type ProblemCode, problemCodeOf } from './trouble.js';

/**
 * The computers of a domain that reach one network of NATS servers, every packet sealed with the domain's key, unless the
 * settings say `seal: false`.
 *
 * Without a key in use it sends nothing and subscribes to nothing. Starting rejects with MailslotError `ERR_MAILSLOT_IO`
 * if no server answers or takes the connection, `ERR_MAILSLOT_INVALID_ARGUMENT` if seed or credentials are none, and may be
 * tried again. From then on it finds the connection again by itself whenever that is lost. `send` throws
 * `ERR_MAILSLOT_MESSAGE_TOO_LARGE`, `ERR_MAILSLOT_INVALID_NAME` for a slot's path over 2,048 bytes,
 * `ERR_MAILSLOT_CLOSED` if the transport is not running.
 *
 * Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`.
 */
export const natsTransport: NatsFactory = (setup, ports) => {
  serversOf(setup.settings);
  return new Nats(setup, ports);
};

class Nats implements NatsTransport {
  readonly name = 'nats';
  readonly capabilities: Capabilities;
  private readonly setup: NatsSetup;
  private readonly ports: Ports;
  /** Undefined: in clear. */
  private readonly ring: KeyRing | undefined;
  private readonly refusals: Refusals;
  private readonly outbox: Outbox;
  private readonly inbox: Inbox;
  private readonly subscriptions: Subscriptions;
  private receiver: Receiver | undefined;
  private connection: Connection | undefined;
  private state: NatsState['state'] | 'new' = 'new';
  private problem: Problem | undefined;
  private reconnects = 0;
  private later: Alarm | undefined;
  private grace: Alarm | undefined;
  private stopListening: (() => void) | undefined;

  constructor(setup: NatsSetup, ports: Ports) {
    const { domain, computer, keys, settings } = setup;
    const ring = settings.seal === false ? undefined : keys;
    this.capabilities = {
      broadcast: true,
      reach: 'site',
      maxMessageSize: MAX_PACKET_MESSAGE,
      authenticated: ring !== undefined,
    };
    this.setup = setup;
    this.ports = ports;
    this.ring = ring;
    this.refusals = new Refusals(ports.clock);
    const onRoom = (): void => this.receiver?.hasRoom();
    this.outbox = new Outbox({ domain, computer, ring, ports, refusals: this.refusals, onRoom });
    this.inbox = new Inbox({ domain, ring, ports, isOwn: (session) => this.outbox.isOwn(session) });
    const take = (bytes: Uint8Array, subject: string): void => this.take(bytes, subject);
    this.subscriptions = new Subscriptions({ domain, computer, refusals: this.refusals, take });
  }

  get hindrance(): string | undefined {
    if (this.state === 'connected') return this.ring?.hindrance ?? this.tooSmall;
    return this.problem?.text ?? 'it is not connected yet';
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.state !== 'new') throw this.notRunning('was started before: make another one');
    this.state = 'connecting';
    try {
      this.connection = await Connection.open(this.setup.settings, this.ports, this);
    } catch (error) {
      if (!this.isClosed) this.state = 'new';
      this.problem = {
        code: problemCodeOf(error),
        text: error instanceof Error ? error.message : String(error),
      };
      throw error;
    }
    if (this.isClosed) {
      await this.connection.close();
      throw this.notRunning('was closed while it started');
    }
    this.receiver = receiver;
    this.stopListening = this.ring?.onChange(() => this.keysChanged());
    this.begin();
    this.outbox.connected(this.connection);
    this.lookLater();
  }

  send(datagram: Datagram): boolean {
    if (this.receiver !== undefined) return this.outbox.send(datagram);
    throw this.notRunning('is not running: start it before, and close it after sending');
  }

  limitTo(to: Addressee, slot: string): number {
    return this.outbox.limitTo(to, slot);
  }

  want(slots: ReadonlySet<string>): void {
    this.subscriptions.want(slots);
    this.follow();
  }

  async close(): Promise<void> {
    const { connection, isClosed } = this;
    this.state = 'closed';
    this.receiver = undefined;
    this.stopListening?.();
    this.later?.cancel();
    if (connection === undefined || isClosed) return;
    if (this.grace !== undefined) this.endGrace(connection);
    await this.linger();
    this.outbox.stop();
    await connection.close();
    // Not before: written to a server that has just hung up, the client library's close would throw what nobody catches.
    this.subscriptions.follow(undefined, false);
  }

  describe(): NatsState {
    const { connection, outbox, refusals, state, ring } = this;
    const info = connection?.info;
    const problem = this.problem ?? problemOf(info?.max_payload);
    return {
      servers: this.setup.settings.servers,
      state: state === 'new' ? 'connecting' : state,
      server: connection?.isConnected ? connection.server : undefined,
      serverVersion: info?.version,
      tls: info?.tls_required === true || info?.tls_available === true,
      sealed: ring !== undefined,
      keyInUse: ring?.inUse?.id,
      maxPayload: info?.max_payload,
      rttMs: outbox.window.rttMs,
      reconnects: this.reconnects,
      problem: problem?.text,
      problemCode: problem?.code,
      refused: refusals.all,
      subscriptions: this.subscriptions.count,
      sent: outbox.sent,
      received: this.inbox.received,
      waiting: outbox.size,
    };
  }

  /** What follows is told by the connection. */
  lost(code: ProblemCode, text: string): void {
    this.grace?.cancel();
    this.grace = undefined;
    this.outbox.lost();
    if (this.isClosed) return;
    this.state = 'lost';
    this.problem = { code, text };
    this.receiver?.connected?.(false);
  }

  back(): void {
    const { connection } = this;
    if (connection === undefined || this.isClosed) return;
    this.reconnects += 1;
    this.refusals.clear();
    this.begin();
    this.grace = this.ports.clock.afterIdle(NATS_GRACE_MS, () => this.endGrace(connection));
    this.receiver?.connected?.(true);
  }

  refused(operation: Operation, subject: string): void {
    this.refusals.add(operation, subject);
    if (operation === 'subscription') this.subscriptions.refused(subject);
  }

  problemSaid(code: ProblemCode, text: string): void {
    this.problem = { code, text };
  }

  tooLarge(): void {
    if (this.receiver !== undefined) this.inbox.drop('too-large', this.receiver);
  }

  /** Not even the announcements of computers fit. */
  private get tooSmall(): string | undefined {
    const most = this.connection?.info?.max_payload;
    return most !== undefined && most < NATS_LEAST_PAYLOAD ? problemOf(most)?.text : undefined;
  }

  private get isClosed(): boolean {
    return this.state === 'closed';
  }

  private begin(): void {
    this.state = 'connected';
    this.problem = undefined;
    this.follow();
  }

  private endGrace(connection: Connection): void {
    this.grace?.cancel();
    this.grace = undefined;
    this.outbox.connected(connection);
  }

  private take(bytes: Uint8Array, subject: string): void {
    const { connection, receiver } = this;
    if (connection !== undefined && receiver !== undefined)
      this.inbox.take(bytes, subject, connection.server, receiver);
  }

  private keysChanged(): void {
    this.inbox.keysChanged();
    this.follow();
  }

  private follow(): void {
    if (this.receiver === undefined) return;
    this.subscriptions.follow(this.connection, this.ring === undefined || this.ring.inUse !== undefined);
  }

  private lookLater(): void {
    this.later = this.ports.clock.afterIdle(NATS_LOOK_MS, () => {
      this.inbox.look();
      this.outbox.look();
      this.refusals.look();
      this.follow();
      this.lookLater();
    });
  }

  /** Sends what waits, for a moment. */
  private async linger(): Promise<void> {
    let alarm: Alarm | undefined;
    const moment = new Promise<void>((resolve) => {
      alarm = this.ports.clock.after(NATS_LINGER_MS, resolve);
    });
    await Promise.race([this.outbox.idle(), moment]);
    alarm?.cancel();
  }

  private notRunning(problem: string): MailslotError {
    const { domain } = this.setup;
    return new MailslotError('ERR_MAILSLOT_CLOSED', `the transport nats of domain ${domain} ${problem}`);
  }
}

interface Problem {
  readonly code: ProblemCode;
  readonly text: string;
}

function problemOf(maxPayload: number | undefined): Problem | undefined {
  if (maxPayload === undefined || maxPayload >= MAX_PACKET) return undefined;
  const text = `the server takes ${maxPayload} bytes at most and a packet may have ${MAX_PACKET}: set its max_payload to 1MB`;
  return { code: 'max-payload', text };
}
