import { MailslotError } from '../errors.js';
import { LAN_BYTES_PER_SECOND, LAN_LINGER_MS, LAN_PORT, MAX_PACKET_MESSAGE } from '../limits.js';
import type { KeyRing } from '../packet/key-ring.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Datagram } from '../transport/datagram.js';
import type { Capabilities, Receiver, Transport } from '../transport/transport.js';
import { Follower } from './follower.js';
import { Inbox, shown } from './inbox.js';
import { checkOptions, type LanOptions } from './options.js';
import { Outbox } from './outbox.js';
import { Peers } from './peers.js';
import { portRefused } from './port-refused.js';
import { Sockets } from './sockets.js';
import type { LanState } from './state.js';

export type { LanOptions } from './options.js';
export type { LanState } from './state.js';

/** The transport `lan`, which can say how it stands. */
export interface LanTransport extends Transport {
  describe(): LanState;
}

/**
 * The computers of a domain on one LAN, by UDP multicast, every packet sealed with the domain's key.
 *
 * Without a key in use it sends nothing and does not listen; so too while no interface is up. It starts all the same, and
 * follows what comes and goes. Starting rejects with MailslotError `ERR_MAILSLOT_IO` if the group's port is not to be had,
 * and may be tried again. `send` throws `ERR_MAILSLOT_MESSAGE_TOO_LARGE`, `ERR_MAILSLOT_INVALID_NAME` for a slot's path
 * over 2,048 bytes, `ERR_MAILSLOT_CLOSED` if the transport is not running.
 *
 * Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`.
 */
export function lanTransport(options: LanOptions, ports: Ports): LanTransport {
  checkOptions(options);
  return new Lan(options, ports);
}

class Lan implements LanTransport {
  readonly name = 'lan';
  readonly capabilities: Capabilities = {
    broadcast: true,
    reach: 'lan',
    maxMessageSize: MAX_PACKET_MESSAGE,
    authenticated: true,
  };
  private readonly ring: KeyRing;
  private readonly port: number;
  private readonly ports: Ports;
  private readonly peers = new Peers();
  private readonly sockets: Sockets;
  private readonly outbox: Outbox;
  private readonly inbox: Inbox;
  private readonly follower: Follower;
  private receiver: Receiver | undefined;
  private state: 'new' | 'running' | 'closed' = 'new';
  private stopListening: (() => void) | undefined;
  private warned = '';

  constructor(options: LanOptions, ports: Ports) {
    const { keys: ring, interfaces, family = 'any', port = LAN_PORT } = options;
    const { bytesPerSecond = LAN_BYTES_PER_SECOND } = options;
    const { peers } = this;
    const { clock } = ports;
    this.ring = ring;
    this.port = port;
    this.ports = ports;
    const sockets = new Sockets({
      interfaces,
      family,
      port,
      onPacket: (packet, from) => {
        if (this.receiver !== undefined) this.inbox.take(packet, from, this.receiver);
      },
      onTrouble: () => this.follower.followSoon(),
    });
    this.sockets = sockets;
    const onRoom = (): void => this.receiver?.hasRoom();
    this.outbox = new Outbox({ ring, peers, sockets, ports, bytesPerSecond, onRoom });
    const isOwn = (session: string): boolean => this.outbox.isOwn(session);
    this.inbox = new Inbox({ ring, peers, ports, isOwn, ways: () => sockets.wayCount });
    const onLook = (): void => this.look();
    const onFailure = (failure: unknown): void => this.warn(failure);
    this.follower = new Follower({ ring, sockets, clock, onLook, onFailure });
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.state !== 'new') throw this.notRunning('was started before: make another one');
    this.state = 'running';
    this.receiver = receiver;
    const failure = await this.follower.first();
    if (this.state !== 'running') throw this.notRunning('was closed while it started');
    if (failure !== undefined && !this.sockets.isHeard) {
      this.state = 'new';
      this.receiver = undefined;
      this.sockets.close();
      throw portRefused(this.ring.domain, this.port, failure);
    }
    this.stopListening = this.ring.onChange(() => this.inbox.reader.sessions.keysChanged());
    this.follower.goOn();
  }

  send(datagram: Datagram): boolean {
    if (this.state === 'running') return this.outbox.send(datagram);
    throw this.notRunning('is not running: start it before, and close it after sending');
  }

  /** The network knows no slots: everything is received, and the redirector throws away what it has no slot for. */
  want(): void {}

  async close(): Promise<void> {
    const wasRunning = this.state === 'running';
    this.state = 'closed';
    this.receiver = undefined;
    this.stopListening?.();
    await this.follower.stop();
    if (wasRunning) await this.linger();
    this.outbox.stop();
    this.sockets.close();
  }

  describe(): LanState {
    const { ring, inbox, outbox, port } = this;
    const now = this.ports.clock.monotonic();
    return {
      ...this.sockets.state,
      domain: ring.domain,
      port,
      keyInUse: ring.inUse?.id,
      keys: ring.keys.map(({ id }) => id),
      peers: this.peers.all().map(({ computer, instance, address, heardAt }) => {
        return { computer, instance, address: shown(address), silentFor: now - heardAt };
      }),
      strangers: inbox.strangers.all(),
      sent: outbox.sent,
      received: inbox.received,
      waiting: outbox.size,
      sessions: inbox.reader.sessions.count,
    };
  }

  /** Sends what waits, for a moment. */
  private async linger(): Promise<void> {
    let alarm: Alarm | undefined;
    const moment = new Promise<void>((resolve) => {
      alarm = this.ports.clock.after(LAN_LINGER_MS, resolve);
    });
    const sent = this.outbox.empty().then(() => this.sockets.idle());
    await Promise.race([sent, moment]);
    alarm?.cancel();
  }

  private look(): void {
    this.inbox.reader.sessions.tick();
    this.peers.forgetSilent(this.ports.clock.monotonic());
  }

  /** Each failure is said once, until another comes or all is well. */
  private warn(failure: unknown): void {
    const text = failure === undefined ? '' : portRefused(this.ring.domain, this.port, failure).message;
    if (text !== '' && text !== this.warned) this.ports.log.warn(text);
    this.warned = text;
  }

  private notRunning(problem: string): MailslotError {
    return new MailslotError(
      'ERR_MAILSLOT_CLOSED',
      `the transport lan of domain ${this.ring.domain} ${problem}`,
    );
  }
}
